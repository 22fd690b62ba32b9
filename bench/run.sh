#!/bin/sh
# Runs the benchmarks that README.md describes; `make bench` calls it.
#
#   run.sh BUILD [ROUNDS]       results also go to bench/results/
set -eu

cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { echo "usage: bench/run.sh BUILD [ROUNDS]" >&2; exit 2; }
python=/usr/bin/python3
[ -x $python ] || python=python3
HUQI_BUILD=$(cd "$1" && pwd)
export HUQI_BUILD PYTHONDONTWRITEBYTECODE=1
unset MAKEFLAGS MFLAGS MAKELEVEL
make --no-print-directory tools BUILD="$HUQI_BUILD" > "$HUQI_BUILD/bench-tools.log" 2>&1 ||
	{ cat "$HUQI_BUILD/bench-tools.log" >&2; exit 1; }
exec $python bench/bench.py "${2:-3}"
