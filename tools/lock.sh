#!/bin/sh
# Writes the lock files: exact versions with hashes, for every platform and every Python from 3.11 on, without the address
# of the registry that served them. Keeps the versions that are locked unless told otherwise:
#
#   tools/lock.sh [--upgrade]
set -eu
cd "$(dirname "$0")/.."
export npm_config_omit_lockfile_registry_resolved=true

uv=$(command -v uv) || {
  [ -x .venv/lock/bin/uv ] || { python3 -m venv .venv/lock && .venv/lock/bin/python -m pip install --quiet uv; }
  uv=.venv/lock/bin/uv
}

compile() {
  output=$1
  shift
  echo "requirements/$output"
  # One version for all Pythons: what was tested is what runs.
  "$uv" pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
    --no-emit-index-url --custom-compile-command "make lock" --output-file "requirements/$output" "$@" >/dev/null
}

compile runtime.txt pyproject.toml --extra postgres --extra otel --group build "$@"
compile dev.txt pyproject.toml --extra postgres --extra otel --group dev --constraint requirements/runtime.txt "$@"
compile node.txt requirements/node.in "$@"

if command -v npm >/dev/null; then
  echo package-lock.json
  npm install --package-lock-only --silent
else
  echo "package-lock.json was left as it is: npm is missing"
fi

# An address would tie every clone to one registry, or fail where another is used.
if grep -nE -- '--(extra-)?index-url|--find-links' requirements/*.txt || grep -n '"resolved"' package-lock.json; then
  echo "A lock file names a registry: see the lines above" >&2
  exit 1
fi
