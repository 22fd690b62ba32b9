#!/bin/sh
# Runs every test of the project; `make test` calls it.
#
#   run.sh BUILD          BUILD is the folder that holds the built huqi
#
#   TESTS="unit cases"    only these parts, of: style unit cases corpora patterns e2e faults
#   BLESS=1               golden cases: write what came out as what is expected (then read the diff)
#
# The last line of the output is "N passed, N failed" over all parts; the status is 1 where any failed. What a
# test printed stands in BUILD/logs/, and its end is shown where it failed. A program that crashes, hangs or
# ends early has failed, whatever it counted before.
set -u

cd "$(dirname "$0")/.." || exit 2
[ $# = 1 ] || { echo "usage: tests/run.sh BUILD" >&2; exit 2; }
build=$(mkdir -p "$1" && cd "$1" && pwd)
parts=${TESTS:-style unit cases corpora patterns e2e faults}
logs=$build/logs
passed=0
failed=0
PROGRAM_SECONDS=${PROGRAM_SECONDS:-300}
rm -rf "$logs" && mkdir -p "$logs" "$build/tmp"

# Called from make, its flags would reach the makes below; what matters of them is passed by name.
unset MAKEFLAGS MFLAGS MAKELEVEL
export LC_ALL=C.UTF-8
export ASAN_OPTIONS="detect_leaks=1:abort_on_error=0:exitcode=99:allocator_may_return_null=1"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1:exitcode=99"
export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp:exitcode=99:halt_on_error=0:second_deadlock_stack=1"

pass() { passed=$((passed + 1)); }
fail() {
	failed=$((failed + 1))
	echo "FAILED $1"
	[ -z "${2:-}" ] || tail -n 40 "$2" | sed 's/^/    /'
}
run_make() { make --no-print-directory -j2 CC="${CC:-cc}" SAN="${SAN:-}" "$@"; }

part_style() {
	sh tests/style.sh > "$logs/style.log" 2>&1
	passed=$((passed + $(grep -c '^ok ' "$logs/style.log")))
	broken=$(grep -c '^FAIL ' "$logs/style.log")
	grep '^warning' "$logs/style.log" | head -n 20
	[ "$broken" = 0 ] || grep -B 1000 '^FAIL ' "$logs/style.log" | grep -v -e '^ok ' -e '^warning'
	failed=$((failed + broken))
	grep -q '^ok ' "$logs/style.log" || fail "style: tests/style.sh did not run" "$logs/style.log"
}

# cmocka speaks TAP: a plan "1..N" a group, then a line a test. A skipped one says "# SKIP" behind "ok" or, in
# older versions, "not ok"; it counts as neither.
part_unit() {
	run_make -k unit-tests BUILD="$build" > "$logs/unit-build.log" 2>&1 ||
		fail "unit: not everything built" "$logs/unit-build.log"
	for source in tests/unit/test_*.c; do
		[ -f "$source" ] || continue
		name=$(basename "$source" .c)
		log=$logs/$name.log
		if [ ! -x "$build/tests/$name" ]; then
			fail "$name: was not built"
			continue
		fi
		CMOCKA_MESSAGE_OUTPUT=TAP timeout "$PROGRAM_SECONDS" "$build/tests/$name" > "$log" 2>&1
		count_tap "$name" "$log" $?
	done
}

count_tap() {
	planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$2" | awk '{n += $1} END {print n + 0}')
	skipped=$(grep -c '^\(not \)\{0,1\}ok [0-9].*# SKIP' "$2")
	good=$(grep '^ok [0-9]' "$2" | grep -vc '# SKIP')
	bad=$(grep '^not ok [0-9]' "$2" | grep -vc '# SKIP')
	passed=$((passed + good))
	if [ "$bad" -gt 0 ]; then
		failed=$((failed + bad - 1))
		fail "$1: $bad of $planned" "$2"
	elif [ "$3" != 0 ] || [ $((good + bad + skipped)) -lt "$planned" ] || [ "$planned" = 0 ]; then
		fail "$1: ended with status $3 after $good of $planned tests" "$2"
	fi
}

# A golden case is a folder: feed.*, perhaps `command` (huqi's arguments, run inside the folder) and `status`
# (1 where huqi must refuse), and what must come out. A file of results that is not there must be empty.
part_cases() {
	for folder in tests/cases/*/; do
		[ -d "$folder" ] || continue
		name=$(basename "$folder")
		out=$build/tmp/case-$name
		rm -rf "$out" && mkdir -p "$out"
		run_case "$folder" "$out" > "$logs/case-$name.log" 2>&1
		if [ $? = 0 ]; then pass; else fail "case $name" "$logs/case-$name.log"; fi
	done
}

run_case() {
	wanted_status=0
	[ ! -f "$1/status" ] || wanted_status=$(cat "$1/status")
	if [ -f "$1/command" ]; then
		arguments=$(cat "$1/command")
	else
		patterns=$PWD/patterns
		[ ! -d "$1/patterns" ] || patterns=patterns
		arguments="replay --patterns $patterns --dead $2/dead.jsonl $(cd "$1" && ls -d feed.*)"
	fi
	case $arguments in
	decode*) stdout=decoded.jsonl stderr=dead.jsonl ;;
	replay*) stdout=alerts.jsonl stderr=stderr ;;
	*) stdout=stdout stderr=stderr ;;
	esac
	(cd "$1" && timeout "$PROGRAM_SECONDS" "$build/huqi" $arguments) > "$2/$stdout" 2> "$2/$stderr"
	status=$?
	same=0
	for result in decoded.jsonl alerts.jsonl dead.jsonl stdout; do
		same_file "$1/$result" "$2/$result" || same=1
	done
	[ ! -f "$1/stderr" ] || same_file "$1/stderr" "$2/stderr" || same=1
	if [ "$status" != "$wanted_status" ]; then
		echo "huqi $arguments: status $status, expected $wanted_status"
		tail -n 20 "$2/$stderr"
		return 1
	fi
	return $same
}

same_file() {
	[ -f "$1" ] || [ -s "$2" ] || return 0
	if [ "${BLESS:-}" = 1 ] && [ -s "$2" ]; then
		cp "$2" "$1"
	elif [ "${BLESS:-}" = 1 ]; then
		rm -f "$1"
	else
		[ -f "$1" ] || set -- /dev/null "$2"
		[ -f "$2" ] || set -- "$1" /dev/null
		cmp -s "$1" "$2" || { diff -u "$1" "$2" | cut -c 1-400 | head -n 30; return 1; }
	fi
}

# Every input a fuzzer once found worth keeping, through the same targets, under ASan and UBSan.
part_corpora() {
	ls tests/fuzz/fuzz_*.c > /dev/null 2>&1 || return 0
	replay=$build/replay sanitizer=address,undefined
	[ -z "${SAN:-}" ] || { replay=$build sanitizer=$SAN; }
	SAN=$sanitizer run_make -k fuzz-replay BUILD="$replay" > "$logs/corpora-build.log" 2>&1 ||
		fail "corpora: not everything built" "$logs/corpora-build.log"
	for source in tests/fuzz/fuzz_*.c; do
		name=$(basename "$source" .c)
		log=$logs/$name.log
		timeout "$PROGRAM_SECONDS" "$replay/replay/$name" "tests/fuzz/corpus/${name#fuzz_}" > "$log" 2>&1
		status=$?
		if [ $status = 0 ]; then pass; else fail "corpus of $name: status $status" "$log"; fi
	done
}

# The shipped patterns pass their own lint, their own hit and miss examples, and the schema that editors use.
part_patterns() {
	[ -d patterns ] || return 0
	for verb in lint test; do
		timeout "$PROGRAM_SECONDS" "$build/huqi" patterns $verb patterns > "$logs/patterns-$verb.log" 2>&1
		status=$?
		if [ $status = 0 ]; then pass; else fail "patterns $verb: status $status" "$logs/patterns-$verb.log"; fi
	done
	find_python
	$python tests/patterns_schema.py patterns > "$logs/patterns-schema.log" 2>&1
	if [ $? = 0 ]; then pass; else fail "patterns: their JSON Schema" "$logs/patterns-schema.log"; fi
}

# Debian's, where the packages of the tests are; another where there is none.
find_python() {
	python=/usr/bin/python3
	[ -x $python ] && $python -c 'import pytest' 2> /dev/null || python=python3
}

# pytest writes its counts as JUnit XML, which tells a failed set-up from a failed test.
run_pytest() {
	find_python
	make --no-print-directory tools SAN= BUILD="$build" > "$logs/tools.log" 2>&1 ||
		{ fail "$1: its tools did not build" "$logs/tools.log"; return; }
	HUQI_BUILD=$build PYTHONDONTWRITEBYTECODE=1 $python -m pytest -q -p no:cacheprovider -rfEs \
		--basetemp="$build/tmp/pytest-$1" --junitxml="$logs/$1.xml" "tests/$1" > "$logs/$1.log" 2>&1
	status=$?
	counts=$($python tests/junit_counts.py "$logs/$1.xml" 2> /dev/null)
	if [ -z "$counts" ]; then
		fail "$1: pytest ended with status $status and no counts" "$logs/$1.log"
		return
	fi
	passed=$((passed + ${counts% *}))
	[ "${counts#* }" = 0 ] || { failed=$((failed + ${counts#* } - 1)); fail "$1: ${counts#* } tests" "$logs/$1.log"; }
	grep '^SKIPPED' "$logs/$1.log"
	[ $status = 0 ] || [ "${counts#* }" != 0 ] || fail "$1: pytest ended with status $status" "$logs/$1.log"
}
part_e2e() { run_pytest e2e; }
part_faults() { run_pytest faults; }

for part in $parts; do
	case $part in
	style | unit | cases | corpora | patterns | e2e | faults) ;;
	*) echo "tests/run.sh: no part \`$part\`; there are style unit cases corpora patterns e2e faults" >&2; exit 2 ;;
	esac
	began=$(date +%s) p=$passed f=$failed
	"part_$part"
	echo "$part: $((passed - p)) passed, $((failed - f)) failed, $(($(date +%s) - began)) s"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
