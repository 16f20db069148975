#!/usr/bin/env bash
# A throwaway Langflow server for tests and comparisons, on a free loopback port, with a key of its own and no telemetry.
#   scripts/langflow-server.sh start    installs it once, starts it (or finds it running) and prints NAME=value lines
#   scripts/langflow-server.sh status   prints the same lines if it runs
#   scripts/langflow-server.sh stop     stops it and removes its data; what was installed stays
# Exit codes: 0 done, 3 this machine lacks what it takes (one line says what), 1 anything else.
# Langflow goes into .cache/langflow-server/ (about 1.5 GB) with the newest Python from 3.10 to 3.13 that is found, by uv
# from the package index this machine already uses. OPENAI_API_BASE reaches its flows. Bounds: INSTALL_SECONDS (600) and READY_SECONDS (180).
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/lib/test-server.sh"
# What the adapter was tested with; newer ones are meant to work, as it asks the server what it can do.
version=${LANGFLOW_VERSION:-1.13.0}
install_seconds=${INSTALL_SECONDS:-600}
lock_seconds=$install_seconds
ready_seconds=${READY_SECONDS:-180}
# Several may run at once under different names.
state="$cache/${LANGFLOW_SERVER_NAME:-running}"
venv="$cache/venv-$version"

find_python() {
  local name
  for name in python3.13 python3.12 python3.11 python3.10 python3; do
    # Names may be shims of versions that are not there, so each is asked.
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; then python=$name; return; fi
  done
  for name in "$HOME"/.pyenv/versions/3.1[0-3].*/bin/python; do if [ -x "$name" ]; then python=$name; fi; done
  [ -n "${python:-}" ] || lacking "no Python 3.10 to 3.13 with venv is installed (Debian: apt-get install python3-venv)"
}

install() {
  [ ! -x "$venv/bin/langflow" ] || return 0
  python=""
  find_python
  rm -rf "$venv"
  "$python" -m venv "$cache/tool" >"$cache/log" 2>&1 || fail "no virtual environment could be made: $(tail -1 "$cache/log")"
  timeout "$install_seconds" "$cache/tool/bin/pip" install -q uv >"$cache/log" 2>&1 || lacking "uv cannot be installed: $(tail -1 "$cache/log")"
  # uv trusts the certificates of the machine only when told; behind a proxy nothing else works.
  export UV_NATIVE_TLS=1 UV_SYSTEM_CERTS=1
  say "installing langflow $version"
  "$cache/tool/bin/uv" venv -q --python "$("$python" -c 'import sys; print(sys.executable)')" "$venv.new" --clear >"$cache/log" 2>&1 || fail "no virtual environment could be made: $(tail -1 "$cache/log")"
  timeout "$install_seconds" "$cache/tool/bin/uv" pip install -q --python "$venv.new/bin/python" "langflow==$version" >"$cache/log" 2>&1 \
    || lacking "langflow $version cannot be installed: $(tail -1 "$cache/log")"
  # Programs of a virtual environment name its folder, so it is moved by making them anew.
  mv "$venv.new" "$venv"
  sed -i "1s|^#!.*|#!$venv/bin/python|" "$venv/bin/langflow"
}

running() { [ -f "$state/urls" ] && curl -sf -m 5 -o /dev/null "$(sed -n 's/^TEST_LANGFLOW_URL=//p' "$state/urls")/health"; }

start() {
  command -v curl >/dev/null || lacking "no curl to see whether the server is ready"
  discard
  install
  mkdir -p "$state"
  local data port key
  data=$(mktemp -d "${TMPDIR:-/tmp}/langflow-server.XXXXXX")
  echo "$data" >"$state/folder"
  port=$(random_port)
  key="sk-$(random_hex)"
  # Its own guard against private addresses is on by default; tests run models on the loopback.
  (
    cd "$data" && exec env -i PATH="$PATH" HOME="$data" TMPDIR="$data" LANG=C.UTF-8 \
      LANGFLOW_CONFIG_DIR="$data" LANGFLOW_DATABASE_URL="sqlite:///$data/langflow.db" LANGFLOW_API_KEY_SOURCE=env LANGFLOW_API_KEY="$key" \
      LANGFLOW_AUTO_LOGIN=false LANGFLOW_SUPERUSER=tester LANGFLOW_SUPERUSER_PASSWORD="$key" LANGFLOW_SECRET_KEY="$(head -c 32 /dev/urandom | base64 | tr '+/' '-_')" \
      LANGFLOW_SSRF_ALLOWED_HOSTS=127.0.0.1,localhost LANGFLOW_CREATE_STARTER_PROJECTS=false LANGFLOW_STORE=false LANGFLOW_WORKERS=1 LANGFLOW_LOG_LEVEL=warning \
      OPENAI_API_BASE="${OPENAI_API_BASE:-}" \
      DO_NOT_TRACK=true LANGFLOW_DO_NOT_TRACK=true LANGFLOW_OPEN_BROWSER=false HF_HUB_OFFLINE=1 ANONYMIZED_TELEMETRY=false \
      setsid "$venv/bin/langflow" run --backend-only --host 127.0.0.1 --port "$port"
  ) >"$cache/server.log" 2>&1 </dev/null 9>&- &
  local pid=$! waited=0
  disown "$pid"
  echo "$pid" >"$state/pid"
  until curl -sf -m 5 -o /dev/null "http://127.0.0.1:$port/health"; do
    kill -0 "$pid" 2>/dev/null || { tail -3 "$cache/server.log" >&2; discard; fail "the server ended while it started"; }
    [ "$waited" -lt "$ready_seconds" ] || { discard; fail "the server was not ready within $ready_seconds seconds"; }
    sleep 1
    waited=$((waited + 1))
  done
  printf 'TEST_LANGFLOW_URL=http://127.0.0.1:%s\nTEST_LANGFLOW_API_KEY=%s\n' "$port" "$key" >"$state/urls"
  say "langflow $version is ready after $waited s"
}

discard() {
  if [ -f "$state/pid" ]; then
    local pid
    pid=$(cat "$state/pid")
    # The server and its workers are a session of their own.
    kill -TERM -- "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null || true
    for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 0.5; done
    kill -KILL -- "-$pid" 2>/dev/null || true
  fi
  if [ -f "$state/folder" ]; then rm -rf "$(cat "$state/folder")"; fi
  rm -rf "$state"
}

serve "$@"
