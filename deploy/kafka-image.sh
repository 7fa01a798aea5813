#!/usr/bin/env bash
# Builds a Docker image that stands in for apache/kafka where that cannot be pulled.
#
#   deploy/kafka-image.sh [--force] [TAG] [KAFKA_VERSION]
#
# TAG is straightedge/kafka:KAFKA_VERSION, and KAFKA_VERSION the parent POM's, unless given. Does nothing when the
# image is there, but for --force. About 20 s and 200 MB. Needs Linux on x86-64 or arm64, root, a Docker engine, a JDK
# 17 or later with jmods, Maven, and Debian's busybox-static (installed when missing).
#
# What is in it: busybox, bash and this machine's libc; a Java runtime made by jlink; the broker's jars from Maven
# Central; a class archive for a quick start; the settings of the embedded broker as defaults; and
# /etc/kafka/docker/run, which is what Testcontainers' KafkaContainer calls, taking KAFKA_* variables as the official
# image does.
set -euo pipefail

HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
PROJECT=$(dirname "$HERE")
# shellcheck source=deploy/debian-packages.sh
. "$HERE/debian-packages.sh"

force=false
if [ "${1:-}" = --force ]; then force=true; shift; fi
pom_version() { sed -n "s:.*<$1>\(.*\)</$1>.*:\1:p" "$PROJECT/pom.xml" | head -1; }
version=${2:-$(pom_version kafka.version)}
tag=${1:-straightedge/kafka:$version}
case $tag in -*) sed -n '2,14p' "$0" | sed 's/^# \{0,1\}//'; exit 2 ;; esac

say() { printf 'kafka image: %4d s  %s\n' "$SECONDS" "$*"; }
fail() { echo "kafka image: $*" >&2; exit 1; }

[ "$(id -u)" -eq 0 ] || fail "needs root (chroot)"
docker info >/dev/null 2>&1 || fail "no Docker engine answers: deploy/docker-engine.sh start"
if ! $force && docker image inspect "$tag" >/dev/null 2>&1; then
  say "$tag is there (--force builds it again)"
  exit 0
fi
install_missing busybox:busybox-static
ldd "$(command -v busybox)" >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get -q install -y busybox-static >/dev/null

jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
[ -d "$jdk/jmods" ] || fail "no jmods in $jdk: set JAVA_HOME to a JDK (17 or later) that has them"
maven=$(command -v mvn || echo "$PROJECT/mvnw")

work=$(mktemp -d /var/tmp/kafka-image.XXXXXX)
root=$work/root
cleanup() {
  umount "$root/proc" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
mkdir -p "$work"/{maven,source,classes} "$root"

# --- the broker's jars
cat >"$work/maven/pom.xml" <<P
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>kafka-image</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version>
    </dependency>
    <!-- The broker asks for slf4j 1.7; the logger must be of the version of its interface. -->
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-api</artifactId><version>$(pom_version slf4j.version)</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>$(pom_version slf4j.version)</version>
    </dependency>
  </dependencies>
</project>
P
(cd "$work/maven" && "$maven" -B -q -ntp dependency:copy-dependencies -DincludeScope=runtime \
  -DoutputDirectory="$root/opt/kafka/libs") || fail "Maven did not bring the broker's jars"
say "$(find "$root/opt/kafka/libs" -name '*.jar' | wc -l) jars"

# --- the Java runtime
"$jdk/bin/jlink" --no-header-files --no-man-pages --strip-java-debug-attributes --output "$root/opt/java" \
  --add-modules java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.rmi,java.scripting,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.crypto.ec,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs
# Debian keeps the JDK's configuration in /etc and links to it.
[ ! -d "$jdk/conf" ] || cp -rL "$jdk/conf/." "$root/opt/java/conf/"
say "Java runtime $("$jdk/bin/java" -version 2>&1 | head -1 | cut -d'"' -f2)"

# --- commands, libc, and the shared objects that bash and Java ask for
mkdir -p "$root"/{bin,dev,etc/kafka/docker,opt,proc,root,sbin,sys,tmp,usr/bin,var/lib/kafka}
chmod 1777 "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in $(busybox --list); do
  [ "$applet" = busybox ] || ln -sf busybox "$root/bin/$applet"
done
cp --remove-destination "$(readlink -f "$(command -v bash)")" "$root/bin/bash"
ln -sf bash "$root/bin/sh"
ln -sf /bin/env "$root/usr/bin/env"
copy_with_path() { # a shared object, to the same path in the image
  mkdir -p "$root$(dirname "$1")"
  cp -L "$1" "$root$1"
}
# A broker draws nothing: the libraries of windows, fonts and sound stay out.
{ ldd "$root/bin/bash"; find "$root/opt/java" -name '*.so' -exec ldd {} \; ; } 2>/dev/null |
  grep -oE '/[^ ]+\.so[^ ]*' | sort -u | grep -vF "$root" |
  grep -vE 'lib(X|xcb|freetype|png|glib|brotli|pcsclite|cups|asound)' |
  while read -r library; do [ ! -e "$library" ] || copy_with_path "$library"; done
libc=$(ldd "$root/bin/bash" | grep -oE '/[^ ]+/libc\.so\.6')
for library in "$(dirname "$libc")"/lib{nss_dns,nss_files,resolv}.so.2; do
  [ ! -e "$library" ] || copy_with_path "$library"
done
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

# --- the starter: variables become settings, the data folder is formatted once, the broker runs, in one JVM
cp "$PROJECT/deploy/src/main/resources/io/straightedge/deploy/broker/broker.properties" "$root/opt/kafka/defaults.properties"
cat >"$work/source/Start.java" <<'J'
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;

/** KAFKA_LOG_DIRS is log.dirs; a double underscore is an underscore, a triple one a dash. */
public final class Start {
    public static void main(String[] arguments) throws Exception {
        Properties settings = new Properties();
        try (InputStream defaults = Files.newInputStream(Path.of("/opt/kafka/defaults.properties"))) {
            settings.load(defaults);
        }
        settings.put("log.dirs", "/var/lib/kafka/data");
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("KAFKA_") && !name.matches("KAFKA_(HEAP|JVM|LOG4J|JMX|OPTS|GC).*")) {
                settings.put(setting(name.substring("KAFKA_".length())), value);
            }
        });
        Path file = Path.of("/tmp/server.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            settings.store(writer, null);
        }
        String cluster = System.getenv().getOrDefault("CLUSTER_ID", "4L6g3nShT-eMCtK--X86sw");
        int failed = kafka.tools.StorageTool.execute(
                new String[] {"format", "-t", cluster, "-c", file.toString(), "--ignore-formatted"}, System.out);
        if (failed != 0) {
            System.exit(failed);
        }
        if (arguments.length > 0) {
            exitAfter(Long.parseLong(arguments[0]));
        }
        kafka.Kafka.main(new String[] {file.toString()});
    }

    private static String setting(String name) {
        return name.replace("___", "\1").replace("__", "\2").replace("_", ".").replace("\1", "-").replace("\2", "_")
                .toLowerCase(Locale.ROOT);
    }

    /** Ends a training run, which writes the class archive. */
    private static void exitAfter(long millis) {
        Thread timer = new Thread(() -> {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            System.exit(0);
        });
        timer.setDaemon(true);
        timer.start();
    }
}
J
"$jdk/bin/javac" --release 17 -cp "$root/opt/kafka/libs/*" -d "$work/classes" "$work/source/Start.java"
"$jdk/bin/jar" cf "$root/opt/kafka/libs/start.jar" -C "$work/classes" .
# Testcontainers waits for a line at INFO; the dumps of all settings are left out.
common_options="-XX:+UseSerialGC -Dorg.slf4j.simpleLogger.logFile=System.out -Dorg.slf4j.simpleLogger.showDateTime=true
  -Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn -Dorg.slf4j.simpleLogger.log.kafka.server.KafkaConfig=warn"
common_options=$(echo $common_options)
class_path=$(cd "$root" && find opt/kafka/libs -name '*.jar' | sort | sed 's:^:/:' | paste -sd:)
cat >"$root/etc/kafka/docker/run" <<R
#!/bin/bash
exec /opt/java/bin/java \${KAFKA_HEAP_OPTS:--Xmx512m} \${KAFKA_JVM_OPTS:-} $common_options \\
  -XX:SharedArchiveFile=/opt/kafka/classes.jsa -Xshare:auto -Xlog:cds=off -Xlog:cds+dynamic=off -Xlog:class+path=off \\
  -cp "$class_path" Start
R
chmod +x "$root/etc/kafka/docker/run"
say "commands and starter"

# --- the class archive: one start inside the new root. Without it the image works and starts two seconds later.
mount -t proc proc "$root/proc"
[ -e "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
[ -e "$root/dev/random" ] || mknod -m 666 "$root/dev/random" c 1 8
[ -e "$root/dev/urandom" ] || mknod -m 666 "$root/dev/urandom" c 1 9
chroot "$root" /opt/java/bin/java -XX:+UseSerialGC -Xshare:dump >/dev/null 2>&1 || true
listener=127.0.0.1:39092 controller=127.0.0.1:39093
env -i PATH=/bin KAFKA_NODE_ID=1 "KAFKA_CONTROLLER_QUORUM_VOTERS=1@$controller" \
  "KAFKA_LISTENERS=PLAINTEXT://$listener,CONTROLLER://$controller" "KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://$listener" \
  "$(command -v chroot)" "$root" /opt/java/bin/java $common_options -XX:ArchiveClassesAtExit=/opt/kafka/classes.jsa \
  -cp "$class_path" Start 6000 >"$work/training.log" 2>&1 || true
umount "$root/proc"
rm -rf "$root"/var/lib/kafka/* "$root"/tmp/* "$root"/dev/*
grep -q 'Transitioning from RECOVERY to RUNNING' "$work/training.log" || {
  tail -n 20 "$work/training.log" >&2
  fail "the broker did not start in the new image"
}
if [ -s "$root/opt/kafka/classes.jsa" ]; then
  say "class archive"
else
  say "no class archive: $(tail -n 1 "$work/training.log")"
fi

# --- the image
tar -C "$root" -c . | docker import \
  --change 'ENV PATH=/opt/java/bin:/bin:/usr/bin' --change 'EXPOSE 9092' --change 'VOLUME /var/lib/kafka' \
  --change 'CMD ["/etc/kafka/docker/run"]' - "$tag" >/dev/null
say "$tag, $(docker image inspect -f '{{.Size}}' "$tag" | awk '{printf "%.0f MB", $1 / 1e6}')"
