# What the scripts of throwaway servers share. One of them sources this, says `start` (which writes the lines to print into
# $state/urls), `running` and `discard`, and ends with `serve "$@"`.
server_name=$(basename "$0" .sh)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache="$root/.cache/$server_name"
# There while a server runs.
state="$cache/running"
# How long another start of the same server is waited for.
lock_seconds=300

say() { echo "$server_name: $*" >&2; }
lacking() { say "$*"; exit 3; }
fail() { say "$*"; exit 1; }
random_hex() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
random_port() { echo $((20000 + RANDOM % 12000)); }

serve() {
  case "${1:-}" in
    start)
      mkdir -p "$cache"
      # The lock (9) must not live on in the server: it is started with 9>&-.
      exec 9>"$cache/lock"
      flock -w "$lock_seconds" 9 || fail "another start holds $cache/lock"
      if ! running; then start; fi
      cat "$state/urls"
      ;;
    status) if running; then cat "$state/urls"; else say "not running"; exit 1; fi ;;
    stop) discard ;;
    *) echo "usage: $0 start | status | stop" >&2; exit 2 ;;
  esac
}
