#!/bin/sh
# What a machine can check of the way of writing; `make style` and `make test` call it.
#
# Arrows between rooms: a file includes its own room's headers, base/, and of a room before its own in the
# order below only the public header room/room.h and tables (.def). api/ stands before cli. engine/*.c tie the
# rooms together and may include every public header; of their own headers (pipeline.h), any room after casework may include.
#
# Sizes: a file has at most 600 lines; a function over 60 lines is warned about, over 80 refused; so is a line
# over 110 characters and 130; shell and make may have 140, a table's row (.def) 220, and a sentence in quotes
# need not be broken. C, shell and SQL indent with tabs, Python, YAML and JSON with spaces. No blanks at a
# line's end. Shell scripts parse. Nothing stands at the top level but what belongs there.
#
# Prints findings, then "ok RULE" or "FAIL RULE" a rule; status 1 where a rule failed.
set -u

cd "$(dirname "$0")/.." || exit 2
rooms="base feed decode fold profile reference pattern match link judge store registry deliver notify casework simulate workshop api cli"
found=$(mktemp)
trap 'rm -f "$found"' EXIT
status=0

# The project's files by pattern, also those not yet added; never what is built.
files() {
	git ls-files -co --exclude-standard -- "$@" | while read -r f; do [ ! -f "$f" ] || echo "$f"; done
}
verdict() {
	if [ -s "$found" ]; then
		cat "$found"
		echo "FAIL $1"
		status=1
	else
		echo "ok $1"
	fi
	: > "$found"
}

sources=$(files 'engine/*.[ch]' 'api/*.[ch]')
c_files=$(files '*.[ch]')
scripts=$(files '*.sh' .ci/run)
tabbed=$(files '*.[ch]' '*.sh' '*.sql' .ci/run)
spaced=$(files '*.py' '*.yaml' '*.yml' '*.json')
text=$(files '*.[ch]' '*.sh' '*.sql' '*.py' '*.js' '*.css' '*.html' '*.yaml' '*.def' '*.md' Makefile .ci/run)

[ -z "$sources" ] || awk -v rooms="$rooms" '
	BEGIN { n = split(rooms, list, " "); for (i = 1; i <= n; i++) rank[list[i]] = i }
	function room_of(path,   part, count) {
		count = split(path, part, "/")
		if (part[1] == "api") return "api"
		return count > 2 ? part[2] : ""
	}
	function wrong(why) { printf "%s:%d: #include \"%s\": %s\n", FILENAME, FNR, target, why }
	FNR == 1 {
		here = room_of(FILENAME)
		if (here != "" && !(here in rank)) printf "%s: no room `%s` in the order\n", FILENAME, here
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		target = $0; sub(/^[^"]*"/, "", target); sub(/".*/, "", target)
		if (target ~ /\.inc$/ || target ~ /^gen\//) next
		if (split(target, part, "/") == 1) {
			if (here == "" || rank[here] > rank["casework"]) next
			wrong("name the room, \"room/file.h\""); next
		}
		there = part[1]
		if (!(there in rank)) { wrong("no such room"); next }
		if (there == here || there == "base") next
		# A table is data with many uses.
		if (target != there "/" there ".h" && target !~ /\.def$/) { wrong("only " there "/" there ".h may leave its room"); next }
		if (here != "" && rank[there] > rank[here]) wrong(there "/ stands after " here "/: arrows go only rightwards")
	}' $sources > "$found"
verdict "arrows between rooms"

for f in $c_files $scripts $(files '*.py' '*.js' '*.sql'); do
	lines=$(wc -l < "$f")
	[ "$lines" -le 600 ] || echo "$f: $lines lines, at most 600"
done > "$found"
verdict "file sizes"

# A function begins where a line is `{` alone and ends where one is `}` alone, as this project writes them.
[ -z "$c_files" ] || awk '
	/^[A-Za-z_].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
	/^[{][ \t]*$/ { from = FNR }
	/^[}][ \t]*$/ && from {
		size = FNR - from + 1; from = 0
		said = sprintf("%s:%d: %s() has %d lines; 60 wanted, 80 allowed", FILENAME, FNR, name, size)
		if (size > 80) print said
		else if (size > 60) print "warning: " said > "/dev/stderr"
	}' $c_files > "$found"
verdict "function sizes"

# Characters, not bytes: continuation bytes of UTF-8 do not count. Prose, pages and data are left alone.
[ -z "$text" ] || LC_ALL=C awk '
	{
		line = $0; gsub(/[\200-\277]/, "", line)
		most = FILENAME ~ /\.def$/ ? 220 : FILENAME ~ /(\.sh|Makefile|run)$/ ? 140 : 110
		if (length(line) <= most) next
		said = sprintf("%s:%d: %d characters; %d wanted", FILENAME, FNR, length(line), most)
		if (length(line) > most + 20 && line !~ /"[^"]+ [^"]+ [^"]+"/) print said
		else print "warning: " said > "/dev/stderr"
	}' $(echo "$text" | grep -v -e '\.md$' -e '\.html$' -e '\.yaml$') > "$found"
verdict "line lengths"

{
	[ -z "$tabbed" ] ||
		awk '
			# What goes on from the line before may be aligned under it.
			/^ +[^ *]/ && (FNR == 1 || before ~ /([;{}:]|\*\/)$/) {
				printf "%s:%d: indented with spaces; this file uses tabs\n", FILENAME, FNR
			}
			{ before = $0 }' $tabbed
	[ -z "$spaced" ] ||
		awk '/^ *\t/ { printf "%s:%d: indented with a tab; this file uses spaces\n", FILENAME, FNR }' $spaced
} > "$found"
verdict "indentation"

[ -z "$text" ] || awk '/[ \t\r]$/ { printf "%s:%d: blanks at the end of the line\n", FILENAME, FNR }' $text > "$found"
verdict "line ends"

# A file that a slip left at the top would be everybody's first sight.
git ls-files -co --exclude-standard | sed 's,/.*,,' | sort -u |
	grep -vxE '\.ci|\.gitignore|Makefile|README\.md|engine|patterns|api|bench|tests|seeds' |
	sed 's,$,: at the top level stand Makefile\, README.md\, engine\, patterns\, api\, bench\, tests and seeds,' > "$found"
verdict "top level"

for f in $scripts; do
	sh -n "$f" 2>&1 || echo "$f: does not parse"
done > "$found"
verdict "shell syntax"

exit $status
