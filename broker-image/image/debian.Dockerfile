FROM scratch
ADD debian.tar /
# The packages are unpacked only, so that their scripts' work is done here.
RUN ["/bin/busybox", "--install", "-s", "/bin"]
RUN cp /usr/share/base-passwd/passwd.master /etc/passwd && cp /usr/share/base-passwd/group.master /etc/group \
 && mkdir -p /etc/ssl/certs && find /usr/share/ca-certificates -name '*.crt' -exec cat {} + >/etc/ssl/certs/ca-certificates.crt
