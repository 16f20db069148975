#!/usr/bin/env bash
# A throwaway MariaDB for tests, on a free loopback port, apart from any server of this machine.
#   scripts/test-mariadb.sh start    starts it (or finds it running) and prints NAME=value lines; export $(…/test-mariadb.sh start)
#   scripts/test-mariadb.sh status   prints the same lines if it runs
#   scripts/test-mariadb.sh stop     stops it and removes its data
# Exit codes: 0 done, 3 this machine lacks what it takes (one line says what), 1 anything else.
# The MariaDB programs are the machine's own. Durability is off: tests only.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/lib/test-server.sh"

running() {
  [ -f "$state/urls" ] && kill -0 "$(cat "$state/pid")" 2>/dev/null &&
    mariadb-admin --no-defaults -u root --socket="$(cat "$state/folder")/socket" ping >/dev/null 2>&1
}

start() {
  local server
  server=$(PATH="$PATH:/usr/sbin" command -v mariadbd) || lacking "no MariaDB server is installed (Debian: apt-get install mariadb-server)"
  command -v mariadb-install-db >/dev/null || lacking "mariadb-install-db is missing (Debian: apt-get install mariadb-server)"
  discard

  local home password port attempt waited user=()
  home=$(mktemp -d "${TMPDIR:-/tmp}/test-mariadb.XXXXXX")
  # The server does not run as root, so it runs as the user its package made.
  if [ "$(id -u)" -eq 0 ]; then
    id mysql >/dev/null 2>&1 || lacking "run as root, but there is no user mysql to run the server"
    user=(--user=mysql)
    chmod 755 "$home"
    mkdir "$home/data" && chown mysql "$home" "$home/data"
  fi
  mkdir -p "$state"
  echo "$home" >"$state/folder"
  password=$(random_hex)
  (umask 077 && printf '%s\n' "create database cmp_test;" "create user cmp_test@'%' identified by '$password';" "grant all on *.* to cmp_test@'%' with grant option;" >"$home/init.sql")
  if [ "$(id -u)" -eq 0 ]; then chown mysql "$home/init.sql"; fi
  # Encrypted connections are tested where a certificate can be made.
  local tls=()
  if command -v openssl >/dev/null && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$home/key.pem" -out "$home/certificate.pem" -days 3650 \
    -subj /CN=test -addext subjectAltName=DNS:db.example.org >"$cache/log" 2>&1; then
    if [ "$(id -u)" -eq 0 ]; then chown mysql "$home/key.pem"; fi
    tls=(--ssl-cert="$home/certificate.pem" --ssl-key="$home/key.pem")
  fi
  mariadb-install-db --no-defaults "${user[@]}" --datadir="$home/data" --auth-root-authentication-method=normal --skip-test-db >"$cache/log" 2>&1 \
    || fail "the data folder could not be prepared: $(tail -1 "$cache/log")"
  for attempt in 1 2 3 4 5; do
    port=$(random_port)
    "$server" --no-defaults "${user[@]}" --datadir="$home/data" --socket="$home/socket" --pid-file="$home/pid" --port="$port" --bind-address=127.0.0.1 \
      --init-file="$home/init.sql" --skip-name-resolve --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=32M --innodb-log-file-size=16M \
      --performance-schema=OFF --secure-file-priv= --log-error="$home/log.err" "${tls[@]}" >/dev/null 2>&1 9>&- &
    echo $! >"$state/pid"
    for waited in $(seq 1 150); do
      if MYSQL_PWD=$password mariadb --no-defaults -u cmp_test --host=127.0.0.1 --port="$port" -e 'select 1' cmp_test >/dev/null 2>&1; then break 2; fi
      kill -0 "$(cat "$state/pid")" 2>/dev/null || break
      sleep 0.2
    done
    kill "$(cat "$state/pid")" 2>/dev/null || true
    [ "$attempt" -lt 5 ] || fail "the server did not start: $(tail -1 "$home/log.err" 2>/dev/null)"
  done
  {
    echo "TEST_MARIADB_URL=mysql://cmp_test:$password@127.0.0.1:$port/cmp_test"
    if [ "${#tls[@]}" -gt 0 ]; then echo "TEST_MARIADB_CERTIFICATE=$home/certificate.pem"; fi
  } >"$state/urls"
}

discard() {
  if [ -f "$state/folder" ]; then
    local home pid
    home=$(cat "$state/folder")
    pid=$(cat "$state/pid" 2>/dev/null || true)
    # Nothing in it is to last, so it need not end in order.
    if [ -n "$pid" ] && [ -f "$home/pid" ] && [ "$(cat "$home/pid")" = "$pid" ]; then kill -9 "$pid" 2>/dev/null || true; fi
    rm -rf "$home"
  fi
  rm -rf "$state"
}

serve "$@"
