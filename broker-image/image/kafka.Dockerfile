ARG base
FROM ${base}
USER 0
RUN mkdir -p /var/lib/kafka && chown 1001:1001 /var/lib/kafka
USER 1001:1001
# From what changes least to what changes most: the first layers are the same for every version.
COPY common /opt/kafka/
COPY own /opt/kafka/
COPY castellan /opt/castellan/
ENV PATH=/opt/kafka/bin:/opt/java/bin:/usr/sbin:/usr/bin:/sbin:/bin
EXPOSE 8080 9091 9092 9093
ENTRYPOINT ["java", "@/opt/castellan/jvm.options", "dev.castellan.broker.Launcher"]
