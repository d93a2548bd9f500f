#!/bin/sh
# kafka-run-class.sh CLASS [ARGUMENT...]: runs one of Kafka's command-line tools.
# In a broker's pod the broker's own JVM options must not apply: a tool with the broker's heap would not fit beside it.
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
unset JDK_JAVA_OPTIONS
# shellcheck disable=SC2086 # these two hold several options
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto ${KAFKA_HEAP_OPTS:--Xmx256m} $KAFKA_OPTS \
  "-Dlog4j2.configurationFile=$home/bin/log4j2.properties" -cp "$home/tools/*" "$@"
