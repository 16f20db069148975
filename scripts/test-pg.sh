#!/usr/bin/env bash
# A throwaway PostgreSQL with pgvector for tests, on a free loopback port, apart from any server of this machine.
#   scripts/test-pg.sh start    starts it (or finds it running) and prints NAME=value lines; export $(…/test-pg.sh start)
#   scripts/test-pg.sh status   prints the same lines if it runs
#   scripts/test-pg.sh stop     stops it and removes its data
# Exit codes: 0 done, 3 this machine lacks what it takes (one line says what), 1 anything else.
# The PostgreSQL programs are the machine's own. pgvector too if it is installed; otherwise it is compiled once, from
# the Debian source package on the mirror this machine already uses, into .cache/. Durability is off: tests only.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/lib/test-server.sh"
# The Debian release whose pgvector source fits the PostgreSQL of older releases too.
source_release=trixie
scratch=""
trap '[ -z "$scratch" ] || rm -rf "$scratch"' EXIT

# PostgreSQL refuses to run as root, so its programs run as the user its package made.
as_server() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && exec runuser -u postgres -- env -u PGDATA -u PGHOST -u PGPORT -u PGUSER LC_ALL=C.UTF-8 "$@")
  else
    (cd / && exec env -u PGDATA -u PGHOST -u PGPORT -u PGUSER LC_ALL=C.UTF-8 "$@")
  fi
}

find_server() {
  version=$(ls /usr/lib/postgresql 2>/dev/null | sort -n | tail -1 || true)
  bin="/usr/lib/postgresql/$version/bin"
  if [ -z "$version" ] || [ ! -x "$bin/initdb" ]; then lacking "no PostgreSQL server is installed (Debian: apt-get install postgresql)"; fi
  if [ "$(id -u)" -eq 0 ] && ! id postgres >/dev/null 2>&1; then lacking "run as root, but there is no user postgres to run the server"; fi
}

# Leaves vector.so and the extension files in $1.
compile_pgvector() {
  local target=$1 work headers mirror release
  command -v gcc >/dev/null || lacking "no compiler for pgvector (Debian: apt-get install gcc libc6-dev)"
  command -v apt-get >/dev/null || lacking "pgvector is not installed, and without apt-get its source is out of reach"
  work=$(mktemp -d)
  scratch=$work
  headers="/usr/include/postgresql/$version/server"
  if [ ! -f "$headers/postgres.h" ]; then
    (cd "$work" && apt-get download -qq "postgresql-server-dev-$version" >/dev/null 2>&1 && dpkg -x postgresql-server-dev-*.deb dev) \
      || lacking "no PostgreSQL headers (Debian: apt-get install postgresql-server-dev-$version)"
    headers="$work/dev$headers"
  fi
  mirror=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Identifier: Packages' 2>/dev/null | sed -n 's/^Debian //p' | head -1)
  [ -n "$mirror" ] || lacking "apt knows no Debian mirror (apt-get update first)"
  mkdir -p "$work/lists/partial" "$work/archives/partial"
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $source_release main" >"$work/sources.list"
  # Lists and downloads stay in the work folder, so the machine's own apt never notices.
  local apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work" -o APT::Sandbox::User=root -o Acquire::Retries=2 -o Acquire::http::Timeout=30)
  "${apt[@]}" update >"$work/log" 2>&1 || fail "the source list could not be fetched: $(tail -1 "$work/log")"
  (cd "$work" && "${apt[@]}" source --download-only pgvector >"$work/log" 2>&1) || fail "the pgvector source could not be fetched: $(tail -1 "$work/log")"
  mkdir "$work/source"
  tar -xf "$work"/pgvector_*.orig.tar.* -C "$work/source" --strip-components=1
  # What its Makefile does, without needing the PostgreSQL build system; distances are sums of many numbers, which
  # without these flags are added one by one.
  (
    cd "$work/source" &&
      printf '%s\n' src/*.c | xargs -P "$(nproc)" -I{} gcc -O2 -ftree-vectorize -fassociative-math -fno-signed-zeros -fno-trapping-math -fPIC -D_GNU_SOURCE -w "-I$headers" -c {} -o {}.o &&
      gcc -shared -o vector.so src/*.o -lm
  ) >"$work/log" 2>&1 || fail "pgvector did not compile: $(tail -1 "$work/log")"
  release=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" "$work/source/vector.control")
  rm -rf "$target.new"
  mkdir -p "$target.new/extension"
  cp "$work/source/vector.so" "$target.new/"
  cp "$work/source/vector.control" "$work"/source/sql/vector--*.sql "$target.new/extension/"
  cp "$work/source/sql/vector.sql" "$target.new/extension/vector--$release.sql"
  rm -rf "$target"
  mv "$target.new" "$target"
  say "compiled pgvector $release for PostgreSQL $version"
}

# PostgreSQL finds its files relative to its programs, so a copy of the programs beside links to the rest is a
# server of its own, to which an extension can be added without touching the machine's.
lay_out_server() {
  local home=$1 pgvector=$2
  local lib="$home/lib/postgresql/$version" share="$home/share/postgresql/$version"
  mkdir -p "$lib" "$share/extension"
  cp -r "$bin" "$lib/bin"
  cp -rs "/usr/lib/postgresql/$version/lib" "$lib/lib"
  find "/usr/share/postgresql/$version" -mindepth 1 -maxdepth 1 ! -name extension -exec ln -s {} "$share/" \;
  find "/usr/share/postgresql/$version/extension" -mindepth 1 -maxdepth 1 -exec ln -s {} "$share/extension/" \;
  if [ -n "$pgvector" ]; then
    cp "$pgvector/vector.so" "$lib/lib/"
    cp "$pgvector"/extension/* "$share/extension/"
  fi
  bin="$lib/bin"
}

running() { [ -f "$state/urls" ] && as_server "$(cat "$state/home")/pg_isready" -q -h 127.0.0.1 -p "$(cat "$state/port")"; }

start() {
  find_server
  discard
  local pgvector=""
  if [ ! -f "/usr/share/postgresql/$version/extension/vector.control" ]; then
    pgvector="$cache/pgvector-$version-$(uname -m)-vectorized"
    [ -f "$pgvector/vector.so" ] || compile_pgvector "$pgvector"
  fi

  # Outside the project, because the server's user may not be allowed to look into it.
  local home
  home=$(mktemp -d "${TMPDIR:-/tmp}/test-pg.XXXXXX")
  mkdir -p "$state"
  echo "$home" >"$state/folder"
  lay_out_server "$home" "$pgvector"
  echo "$bin" >"$state/home"
  local superuser app
  superuser=$(random_hex)
  app=$(random_hex)
  (umask 077 && printf '%s\n' "$superuser" >"$home/password")
  chmod 755 "$home"
  if [ "$(id -u)" -eq 0 ]; then chown -R postgres "$home"; fi
  as_server "$bin/initdb" -D "$home/data" -U postgres -A scram-sha-256 --pwfile="$home/password" --encoding=UTF8 --locale=C.UTF-8 \
    --no-sync >"$cache/log" 2>&1 || fail "initdb failed: $(tail -1 "$cache/log")"

  local port attempt
  for attempt in 1 2 3 4 5; do
    port=$(random_port)
    if as_server "$bin/pg_ctl" -D "$home/data" -l "$home/log" -w -t 30 start -o "-p $port -c listen_addresses=127.0.0.1 \
      -c unix_socket_directories=$home -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 \
      -c shared_buffers=128MB" >"$cache/log" 2>&1 9>&-; then break; fi
    [ "$attempt" -lt 5 ] || fail "the server did not start: $(tail -1 "$home/log" 2>/dev/null || tail -1 "$cache/log")"
  done
  echo "$port" >"$state/port"
  local admin="postgresql://postgres:$superuser@127.0.0.1:$port"
  # Like in production, the application logs in as a role that owns nothing and may not pass row-level policies.
  as_server "$bin/psql" -q -v ON_ERROR_STOP=1 "$admin/postgres" >"$cache/log" 2>&1 <<SQL || fail "the database could not be prepared: $(tail -1 "$cache/log")"
create role cmp_login login noinherit nosuperuser nobypassrls nocreatedb nocreaterole password '$app';
create database cmp_test;
\connect cmp_test
create extension vector;
create extension pg_trgm;
SQL
  {
    echo "TEST_DATABASE_URL=postgresql://cmp_login:$app@127.0.0.1:$port/cmp_test"
    echo "TEST_DATABASE_ADMIN_URL=$admin/cmp_test"
  } >"$state/urls"
}

discard() {
  if [ -f "$state/folder" ]; then
    local home
    home=$(cat "$state/folder")
    if [ -f "$home/data/postmaster.pid" ]; then
      as_server "$(cat "$state/home")/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1 || true
    fi
    rm -rf "$home"
  fi
  rm -rf "$state"
}

serve "$@"
