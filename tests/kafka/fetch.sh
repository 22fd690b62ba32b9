#!/bin/sh
# Prints the folder that holds the jars of the Kafka broker for tests; fetches them first where they are missing.
#
# Maven reads its own settings, so a mirror configured on the machine is used. The folder is filled beside its
# final name and renamed, so that an interrupted or parallel fetch never leaves half a broker behind.
set -eu

version=4.4.0
here=$(cd "$(dirname "$0")" && pwd)
cache=${HUQI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/huqi}
jars=$cache/kafka-$version

if [ ! -f "$jars/kafka_2.13-$version.jar" ]; then
	mkdir -p "$cache"
	work=$(mktemp -d "$cache/kafka-fetch.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	echo "kafka: fetching the broker $version once, into $jars (43 MB)" >&2
	mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
		-DoutputDirectory="$work/jars" >&2 ||
		{ echo "kafka: Maven could not fetch the broker; its words are above" >&2; exit 1; }
	mv -T "$work/jars" "$jars" 2>/dev/null || [ -f "$jars/kafka_2.13-$version.jar" ]
fi
echo "$jars"
