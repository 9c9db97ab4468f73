#!/bin/sh
# Runs the tests outside a browser and those in one side by side, with the options of pytest that are given: a browser
# waits for most of its time, and what waits comes first. The tests in a browser are told when all others have been.
set -u

python="${PYTHON:-.venv/bin/python}"
told=$(mktemp)
"$python" -m pytest "$@" tests/browser -n auto --dist loadfile --no-loadscope-reorder \
  --reruns 2 --rerun-show-tracebacks -r fER >"$told" 2>&1 &
inside=$!
trap 'kill "$inside"; cat "$told"; rm -f "$told"; exit 130' INT TERM

nice -n 5 "$python" -m pytest "$@" --ignore=tests/browser -n auto --dist worksteal
outside=$?
wait "$inside"
inside=$?
cat "$told"
rm -f "$told"
[ "$outside" = 0 ] && [ "$inside" = 0 ]
