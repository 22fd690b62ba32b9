#!/bin/sh
# Installs what huqi needs on Debian 12 or 13; `make deps` calls it.
#
#   deps.sh build     compiler and libraries
#   deps.sh test      what the tests need besides: Java, Maven, Python, Chromium, sanitizers
#   deps.sh prefix    prints the folder of the libraries that are built here (Debian 12), or nothing
#
# Two libraries of Debian 12 are too old or missing (librdkafka 2.0.2 stalls under load, yyjson is absent).
# There, Debian 13's packages are fetched through the machine's own configured mirror, verified by Debian's
# keyring: yyjson's binary packages install as they are; librdkafka's source is built once and kept below
# the cache folder for every later checkout.
set -eu

RDKAFKA=2.8.0-1
YYJSON=0.10.0+ds-1+b1
cache=${HUQI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/huqi}
prefix=$cache/librdkafka-$RDKAFKA

BUILD_PACKAGES="gcc make libc6-dev pkg-config xxd libhyperscan-dev libsqlite3-dev libmicrohttpd-dev
	libcurl4-openssl-dev libyaml-dev libexpat1-dev libutf8proc-dev opencc libopencc-data libsodium-dev libxxhash-dev
	liblz4-dev libzstd-dev zlib1g-dev libssl-dev"
TEST_PACKAGES="clang libclang-rt-dev libcmocka-dev python3 python3-pytest python3-yaml python3-jsonschema
	default-jre-headless maven kcat sqlite3 curl openssl procps"

. /etc/os-release
release=${VERSION_ID:-0}
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo

# Debian 12 names its sanitizer runtimes by version.
[ "$release" != 12 ] || TEST_PACKAGES=$(echo "$TEST_PACKAGES" | sed 's/libclang-rt-dev/libclang-rt-14-dev/')
[ "$release" = 12 ] || BUILD_PACKAGES="$BUILD_PACKAGES librdkafka-dev libyyjson-dev"

install_missing() {
	missing=
	for p in "$@"; do
		dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null | grep -qx installed || missing="$missing $p"
	done
	[ -n "$missing" ] || return 0
	echo "deps: installing$missing"
	$as_root apt-get -qq update
	DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq install -y --no-install-recommends $missing >/dev/null
}

# The machine's own mirror with the suite changed to trixie; deb822 or one-line style.
trixie_sources() {
	if [ -f /etc/apt/sources.list.d/debian.sources ]; then
		sed '/^[[:space:]]*$/,$d' /etc/apt/sources.list.d/debian.sources |
			sed -e 's/^Types:.*/Types: deb deb-src/' -e 's/^Suites:.*/Suites: trixie/' -e 's/^Components:.*/Components: main/'
		return
	fi
	mirror=$(sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\(http[^ ]*\) bookworm main.*/\2/p' /etc/apt/sources.list | head -n 1)
	[ -n "$mirror" ] || { echo "deps: no Debian mirror found in /etc/apt; add one to /etc/apt/sources.list" >&2; exit 1; }
	printf 'Types: deb deb-src\nURIs: %s\nSuites: trixie\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' "$mirror"
}

have_trixie_parts() {
	[ -f "$prefix/done" ] && dpkg-query -W -f '${Version}' libyyjson-dev 2>/dev/null | grep -qx "$YYJSON"
}

get_from_trixie() {
	! have_trixie_parts || return 0
	install_missing dpkg-dev g++ python3
	work=$cache/work.$$
	mkdir -p "$work/lists/partial" "$work/archives/partial"
	trap 'rm -rf "$work"' EXIT
	trixie_sources > "$work/trixie.sources"
	apt="apt-get -qq -o Dir::Etc::SourceList=$work/trixie.sources -o Dir::Etc::SourceParts=- -o Dir::State::Lists=$work/lists
		-o APT::Sandbox::User=root -o Dir::Cache=$work"
	(cd "$work" && $apt update && $apt download "libyyjson0=$YYJSON" "libyyjson-dev=$YYJSON" &&
		$as_root dpkg -i libyyjson0_*.deb libyyjson-dev_*.deb >/dev/null)
	[ -f "$prefix/done" ] || build_rdkafka
}

build_rdkafka() {
	echo "deps: building librdkafka $RDKAFKA once, into $prefix (about 75 s on 2 cores)"
	mkdir -p "$prefix/include/librdkafka" "$prefix/lib"
	(cd "$work" && $apt source "librdkafka=$RDKAFKA" >/dev/null)
	(cd "$work"/librdkafka-* && ./configure --disable-gssapi --disable-curl >../rdkafka-configure.log &&
		make -s -C src -j"$(nproc)" librdkafka.a >../rdkafka-make.log 2>&1 &&
		cp src/librdkafka.a "$prefix/lib/" && cp src/rdkafka.h src/rdkafka_mock.h "$prefix/include/librdkafka/") ||
		{ tail -n 20 "$work"/rdkafka-*.log >&2; echo "deps: librdkafka $RDKAFKA did not build; its log is above" >&2; exit 1; }
	touch "$prefix/done"
}

case ${1:-build} in
prefix) [ "$release" = 12 ] && echo "$prefix" || true ;;
build)
	install_missing $BUILD_PACKAGES
	[ "$release" != 12 ] || get_from_trixie ;;
test) install_missing $TEST_PACKAGES ;;
*) echo "usage: deps.sh build|test|prefix" >&2; exit 2 ;;
esac
