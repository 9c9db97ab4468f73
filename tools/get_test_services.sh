#!/bin/sh
# Looks for what the tests drive: a Chromium and the binaries of a PostgreSQL server (the tests start a private server of
# their own; none needs to run). Gets what is missing where it may, which is as root with apt-get; else says exactly what
# to install.
set -eu

find_chromium() {
  for name in "${MUSTER_TEST_CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
    [ -n "$name" ] && command -v "$name" && return
  done
  mac="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
  [ -x "$mac" ] && echo "$mac"
}

find_postgres() {
  for folder in "${MUSTER_TEST_POSTGRES:-}" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin \
    /usr/local/opt/postgresql@*/bin; do
    [ -n "$folder" ] && [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && echo "$folder" && return
  done
  command -v initdb
}

# Whoever asks for SQLite alone needs no server.
wants_postgres() { [ "${MUSTER_TEST_STORAGES:-}" != sqlite ]; }

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install() {
  echo "Installing $*"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  if ! { apt-get update && apt-get install --yes --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    echo "apt-get could not install $*; its words are above." >&2
    exit 1
  fi
  rm -f "$log"
}

missing=
if ! find_chromium >/dev/null; then
  if may_install; then
    # The one without windows takes a third less time for a page; not every system packs it.
    apt-get update >/dev/null 2>&1 || true
    if apt-cache show chromium-headless-shell >/dev/null 2>&1; then install chromium-headless-shell; else install chromium; fi
  else
    missing="$missing
  Chromium            Debian, Ubuntu: sudo apt-get install chromium    Fedora: sudo dnf install chromium
                      macOS: brew install --cask google-chrome         elsewhere: set MUSTER_TEST_CHROMIUM to its path"
  fi
fi
if wants_postgres && ! find_postgres >/dev/null; then
  if may_install; then
    # Debian starts a server at once unless told not to; the tests want the binaries only.
    install postgresql-common
    pg_conftool /etc/postgresql-common/createcluster.conf set create_main_cluster off
    install postgresql
  else
    missing="$missing
  PostgreSQL server   Debian, Ubuntu: sudo apt-get install postgresql  Fedora: sudo dnf install postgresql-server
                      macOS: brew install postgresql@17                elsewhere: set MUSTER_TEST_POSTGRES to the folder of initdb
                      or test on SQLite alone: MUSTER_TEST_STORAGES=sqlite make test"
  fi
fi
if [ -n "$missing" ]; then
  printf 'The tests use real programs, and these are missing here:\n%s\n' "$missing" >&2
  exit 1
fi
