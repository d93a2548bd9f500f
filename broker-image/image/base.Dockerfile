ARG from
FROM ${from}
RUN echo 'castellan:x:1001:' >>/etc/group && echo 'castellan:x:1001:1001:castellan:/tmp:/bin/sh' >>/etc/passwd
COPY java /opt/java
ENV PATH=/opt/java/bin:/usr/sbin:/usr/bin:/sbin:/bin JAVA_HOME=/opt/java LANG=C.UTF-8
USER 1001:1001
