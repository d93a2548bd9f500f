# Sourced by every script of the repository: where things are, and how progress and failures are told.
# shellcheck shell=bash
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
OUT=$ROOT/out # all that the scripts make; ignored by git, may be deleted at any time
mkdir -p "$OUT/bin" "$OUT/log"
export PATH="$OUT/bin:$PATH"

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

since() { # MICROSECONDS: how long ago that was, as people say it
  local _tenths=$(((${EPOCHREALTIME/./} - $1) / 100000))
  if [ "$_tenths" -lt 600 ]; then
    echo "$((_tenths / 10)).$((_tenths % 10)) s"
  else
    printf '%d min %02d s\n' $((_tenths / 600)) $((_tenths / 10 % 60))
  fi
}

# step NAME COMMAND...: runs the command with its output in a log, and shows that it is at work and how long it took.
# (What is run may be a function, and would see this one's variables: hence their names.)
step() {
  local _name=$1 _started=${EPOCHREALTIME/./} _told=$SECONDS _status=0 _log _child
  _log=$OUT/log/$(tr -cs '[:alnum:]\n' - <<<"$_name").log
  shift
  say "… $_name"
  "$@" >"$_log" 2>&1 </dev/null &
  _child=$!
  while kill -0 "$_child" 2>/dev/null; do
    sleep 0.2
    if [ $((SECONDS - _told)) -ge 15 ]; then
      _told=$SECONDS
      say "  $_name: $(since "$_started"), $(wc -l <"$_log") lines of log, now: $(tail -n 1 "$_log" | cut -c1-100)"
    fi
  done
  wait "$_child" || _status=$?
  if [ "$_status" != 0 ]; then
    tail -n 40 "$_log" >&2
    say "✗ $_name failed after $(since "$_started"); the whole log: $_log"
    return "$_status"
  fi
  say "✓ $_name ($(since "$_started"))"
  if [ -n "${STEP_TIMES:-}" ]; then printf '%10s   %s\n' "$(since "$_started")" "$_name" >>"$STEP_TIMES"; fi
}

# Where tools are that need not be on the PATH. Each of these fails quietly; scripts/prerequisites tells what to do about it.

jdk_home() { # the home of a JDK 25, to be found in the usual places
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /opt/*jdk*25* "$HOME"/.sdkman/candidates/java/25* "$HOME"/.jdks/*25* \
    /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
    if [ -x "$home/bin/javac" ] && grep -qs '^JAVA_VERSION="25[."]' "$home/release"; then echo "$home"; return; fi
  done
  return 1
}

go_folder() { # the folder of a Go that is new enough, or that fetches a newer one by itself (1.21 does)
  local folder
  for folder in "$(dirname "$(command -v go || true)")" /usr/local/go/bin $(ls -d /usr/lib/go-1.*/bin 2>/dev/null | sort -rV); do
    if [ -x "$folder/go" ] && [ "$(minor_of_go "$folder/go")" -ge 21 ]; then echo "$folder"; return; fi
  done
  return 1
}
minor_of_go() { (cd / && GOTOOLCHAIN=local "$1" env GOVERSION) | sed -n 's/^go1\.\([0-9]*\).*/\1/p' | grep . || echo 0; }

# use NAME...: has prerequisites see to the tools and puts them where the commands that follow find them.
use() {
  local tool
  "$ROOT/scripts/prerequisites" "$@"
  for tool; do
    case $tool in
      jdk) JAVA_HOME=$(jdk_home); export JAVA_HOME PATH="$JAVA_HOME/bin:$PATH" ;;
      docker) "$ROOT/scripts/docker-engine" ;;
      go)
        PATH=$(go_folder):$PATH
        # The same for all, or each would fill a cache of its own. Not thrifty with memory: less work for the compiler.
        export PATH CGO_ENABLED=0 GOFLAGS="-trimpath -buildvcs=false" GOGC=400
        if [ "$(minor_of_go go)" -lt 26 ]; then export GOTOOLCHAIN=auto; fi
        ;;
    esac
  done
}
