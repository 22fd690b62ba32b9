#!/bin/sh
# Prints line coverage a file and in all, from a build with --coverage whose tests have run; `make cov` calls it.
#
#   coverage.sh BUILD       writes BUILD/coverage.txt too, least covered first, and gcov's pages below BUILD/cov/
#
# gcov alone does it, so nothing more needs installing. A file that is in no program counts with all its lines.
set -eu

cd "$(dirname "$0")/.."
[ $# = 1 ] || { echo "usage: tests/coverage.sh BUILD" >&2; exit 2; }
build=$(cd "$1" && pwd)
top=$PWD
rm -rf "$build/cov" && mkdir -p "$build/cov"
gcov=gcov
[ "${CC:-cc}" != clang ] || gcov="llvm-cov gcov"

# "File 'engine/…'" and "Lines executed:…% of …" alternate in gcov's summary.
(cd "$build/cov" && find "$build/o/engine" "$build/o/api" -name '*.gcno' 2> /dev/null | while read -r notes; do
	(cd "$top" && $gcov -p -o "$(dirname "$notes")" "$notes" 2> /dev/null)
	find "$top" -maxdepth 1 -name '*.gcov' -exec mv {} "$build/cov/" \;
done) | awk -F "[':% ]+" '
	/^File/ { file = $2 }
	/^Lines executed/ && file ~ /^(engine|api)\/.*\.c$/ {
		if (!(file in of) || $3 > share[file]) { share[file] = $3; of[file] = $5 }
		file = ""
	}
	END {
		for (f in of) {
			printf "%6.1f %% of %5d  %s\n", share[f], of[f], f
			run += share[f] * of[f] / 100; all += of[f]
		}
		if (all) printf "%6.1f %% of %5d  all\n", 100 * run / all, all
	}' | sort -n > "$build/coverage.txt"
cat "$build/coverage.txt"
