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
}
