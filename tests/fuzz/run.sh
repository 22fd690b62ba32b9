#!/bin/sh
# Fuzzes each target for a while; `make fuzz` calls it.
#
#   run.sh BUILD SECONDS TARGET...
#
# New inputs that reach new code go to BUILD/corpus/TARGET, not into the tree: a person picks what is worth
# keeping for tests/fuzz/corpus. A finding is left in BUILD/findings/TARGET with the log that explains it.
set -u

cd "$(dirname "$0")/../.." || exit 2
[ $# -ge 2 ] || { echo "usage: tests/fuzz/run.sh BUILD SECONDS TARGET..." >&2; exit 2; }
build=$1 seconds=$2
shift 2
failed=0
for target in "$@"; do
	name=${target#fuzz_}
	grown=$build/corpus/$name found=$build/findings/$name
	mkdir -p "$grown" "$found"
	log=$found/log
	seeds=tests/fuzz/corpus/$name
	[ -d "$seeds" ] || seeds=
	words=
	[ ! -f "tests/fuzz/$name.dict" ] || words=-dict=tests/fuzz/$name.dict
	"$build/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
		$words -artifact_prefix="$found/" "$grown" $seeds > "$log" 2>&1
	status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	if [ $status = 0 ]; then
		echo "ok $target: ${runs:-?} runs in $seconds s"
	else
		failed=$((failed + 1))
		echo "FAILED $target: status $status; inputs and log in $found"
		grep -E -m 5 'ERROR|SUMMARY|runtime error|Assertion' "$log" | sed 's/^/    /'
	fi
done
echo "$(($# - failed)) passed, $failed failed"
[ "$failed" = 0 ]
