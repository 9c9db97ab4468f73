#!/bin/sh
# Makes or refreshes what Muster needs to run, inside this folder only:
#
#   tools/set_up.sh runtime   the application
#   tools/set_up.sh dev       the application and what checks and tests it
#
# Every package comes from a lock file and is checked against its hash. What was installed is remembered as a copy of
# its lock file, so a second run compares a few files and is done.
set -eu
cd "$(dirname "$0")/.."

lock="requirements/${1:?runtime or dev}.txt"
made=.venv/made-from # copies of the files that the environment was made from
started=$(date +%s)

say() { printf '%s\n' "$*"; }
stop() { printf '\n%s\n' "$*" >&2; exit 1; }
unchanged() { for file in "$@"; do cmp -s "$file" "$made/$(basename "$file")" || return 1; done; }
remember() { mkdir -p "$made" && cp "$@" "$made/"; }

# The newest that is here, as in the image: each release is faster than the one before, and what a distribution ships is
# compiled with its profile, unlike many a `python3` that was built by hand.
find_python() {
  for python in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
    if "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      say "$python"
      return
    fi
  done
  stop "Muster needs Python 3.11 or newer with its venv module and found none. Install it (on Debian and Ubuntu:
apt-get install python3-venv), or name one: make PYTHON=/path/to/python3.11 ..."
}

make_environment() {
  .venv/bin/python -c 'import pip' 2>/dev/null && return
  python=$(find_python)
  say "Making .venv with $("$python" --version)"
  "$python" -m venv --clear .venv ||
    stop "$python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"
}

# Bytecode is left to the first start: compiling every module of every package would take longer than the rest.
pip_install() {
  PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore \
    .venv/bin/python -m pip install --quiet --no-compile --progress-bar off --no-input "$@"
}

install_python_packages() {
  # The development lock holds the runtime's packages too, at the same versions.
  unchanged "$lock" && return
  [ "$lock" = requirements/runtime.txt ] && unchanged requirements/dev.txt && return
  say "Installing $(grep -c '^[a-z].*==' "$lock") Python packages, hashes checked (about a minute the first time)"
  pip_install --require-hashes --only-binary :all: -r "$lock" || stop "pip could not install $lock; its words are above."
  remember "$lock"
}

install_muster() {
  [ -x .venv/bin/muster ] && unchanged pyproject.toml && return
  pip_install --no-deps --no-build-isolation --editable . || stop "pip could not install Muster itself; its words are above."
  remember pyproject.toml
}

npm_is_new_enough() {
  major=$(npm --version 2>/dev/null | cut -d. -f1)
  [ "${major:-0}" -ge 7 ] && node --version >/dev/null 2>&1
}

install_node() {
  PATH="$PWD/.venv/bin:$PATH"
  export PATH
  npm_is_new_enough && return
  say "No npm of version 7 or newer here: installing Node.js into .venv"
  pip_install --require-hashes --only-binary :all: -r requirements/node.txt ||
    stop "Node.js could not be installed. Install npm yourself (on Debian and Ubuntu: apt-get install npm) and run this again."
}

install_browser_code() {
  say "Installing browser code from package-lock.json, hashes checked"
  npm ci --silent --no-progress </dev/null && remember package-lock.json
}

link_browser_code() {
  [ -d dashboard/assets/vendor ] && unchanged tools/link_browser_code.py tools/icons.txt package-lock.json && return
  .venv/bin/python tools/link_browser_code.py
  remember tools/link_browser_code.py tools/icons.txt
}

make_environment

# npm waits for the network while pip unpacks, so they run side by side where npm is already here.
npm=
if ! { [ -d node_modules ] && unchanged package-lock.json; }; then
  rm -rf dashboard/assets/vendor
  if npm_is_new_enough; then
    install_browser_code &
    npm=$!
  fi
fi
install_python_packages
install_muster
if [ -n "$npm" ]; then
  wait "$npm" || stop "npm could not install the browser code. Try it by hand: npm ci"
elif ! { [ -d node_modules ] && unchanged package-lock.json; }; then
  install_node
  install_browser_code || stop "npm could not install the browser code. Try it by hand: npm ci"
fi
link_browser_code

took=$(($(date +%s) - started))
[ "$took" -lt 3 ] || say "Ready after $took s"
