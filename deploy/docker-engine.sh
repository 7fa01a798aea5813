#!/usr/bin/env bash
# Makes sure that a Docker engine answers, for the tests that run Kafka in containers.
#
#   deploy/docker-engine.sh start    uses the engine that runs; else installs Debian's docker.io (as root, when it is
#                                    missing) and starts dockerd by hand, without systemd. Does nothing the second time.
#   deploy/docker-engine.sh stop     stops the engine that `start` started; leaves any other alone
#
# The engine's log is $STATE/dockerd.log; STATE is /var/tmp/straightedge-docker unless the environment says otherwise.
set -euo pipefail

STATE=${STATE:-/var/tmp/straightedge-docker}
WAIT_SECONDS=60
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=deploy/debian-packages.sh
. "$HERE/debian-packages.sh"

answers() { timeout 5 docker info >/dev/null 2>&1; }

# Tries one way to run the engine; the storage driver is the engine's own choice unless one is named.
try_engine() {
  mkdir -p "$STATE"
  # setsid: an interrupt meant for the tests must not reach the engine before the tests have cleaned up.
  setsid dockerd "$@" </dev/null >"$STATE/dockerd.log" 2>&1 &
  local pid=$!
  echo "$pid" >"$STATE/dockerd.pid"
  for ((i = 0; i < WAIT_SECONDS * 5; i++)); do
    if answers; then
      echo "docker engine: dockerd${*:+ $*} is up (process $pid, $(docker info -f '{{.ServerVersion}}, {{.Driver}}'))"
      return 0
    fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  stop
  return 1
}

start() {
  if command -v docker >/dev/null && answers; then
    echo "docker engine: one is running already ($(docker info -f '{{.ServerVersion}}'))"
    return 0
  fi
  if [ "$(id -u)" -ne 0 ]; then
    echo "docker engine: none answers, and starting one needs root. Start Docker, or run this as root." >&2
    return 1
  fi
  install_missing dockerd:docker.io iptables:iptables
  try_engine && return 0
  # Sandboxes without overlayfs: copies layers instead of stacking them. Slower, works everywhere.
  echo "docker engine: did not start, trying the plain storage driver" >&2
  try_engine --storage-driver=vfs && return 0
  # Last: kernels without NAT tables. docker-proxy still publishes ports on the loopback address.
  try_engine --storage-driver=vfs --iptables=false --ip6tables=false && return 0
  echo "docker engine: dockerd does not start here. The end of $STATE/dockerd.log:" >&2
  tail -n 20 "$STATE/dockerd.log" >&2
  return 1
}

stop() {
  [ -f "$STATE/dockerd.pid" ] || return 0
  local pid
  pid=$(cat "$STATE/dockerd.pid")
  rm -f "$STATE/dockerd.pid"
  # A number may have been given to another process since.
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] || return 0
  kill "$pid"
  for ((i = 0; i < 75; i++)); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.2
  done
  kill -9 "$pid" 2>/dev/null || true
}

case ${1:-} in
  start) start ;;
  stop) stop ;;
  *) sed -n '2,9p' "$0" | sed 's/^# \{0,1\}//'; exit 2 ;;
esac
