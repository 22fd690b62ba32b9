#!/bin/sh
# Installs what huqi needs on Debian 12 or 13; `make deps` calls it.
#
#   deps.sh build     compiler and libraries
#   deps.sh test      what the tests need besides: clang, cmocka, Python, Java, Maven, kcat
#   deps.sh prefix    prints the folder of the library that is built here (Debian 12), or nothing
#
# Where everything is there already, it asks dpkg once, and neither the network nor root is needed. Two libraries
# of Debian 12 are too old or missing (librdkafka 2.0.2 stalls under load, yyjson is absent). There, Debian 13's
# packages are fetched through the machine's own configured mirror, verified by Debian's keyring: yyjson's binary
# packages install as they are; librdkafka's source is built once and kept below the cache folder
# (HUQI_CACHE, otherwise XDG_CACHE_HOME/huqi, otherwise ~/.cache/huqi) for every later checkout.
set -eu

RDKAFKA=2.8.0-1
YYJSON=0.10.0+ds-1+b1
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

BUILD_PACKAGES="gcc make libc6-dev pkg-config xxd libhyperscan-dev libsqlite3-dev libmicrohttpd-dev
	libcurl4-openssl-dev libyaml-dev libexpat1-dev libutf8proc-dev opencc libopencc-data libsodium-dev libxxhash-dev
	liblz4-dev libzstd-dev zlib1g-dev libssl-dev"
TEST_PACKAGES="clang libclang-rt-dev libcmocka-dev python3 python3-pytest python3-yaml python3-jsonschema
	python3-aiosmtpd default-jre-headless maven kcat sqlite3 curl openssl procps"

# What the make that called was told is for huqi, not for librdkafka's own build. A clang named there is
# installed with the rest.
case ${CC:-} in clang | clang-[0-9]*) BUILD_PACKAGES="$BUILD_PACKAGES $CC" ;; esac
unset MAKEFLAGS MFLAGS MAKELEVEL CC CXX CPP AR CFLAGS CXXFLAGS CPPFLAGS LDFLAGS LIBS
umask 022

die() { echo "deps: $*" >&2; exit 1; }

cache_folder() {
	if [ -n "${HUQI_CACHE:-}" ]; then
		cache=$HUQI_CACHE
	elif [ -n "${XDG_CACHE_HOME:-}${HOME:-}" ]; then
		cache=${XDG_CACHE_HOME:-$HOME/.cache}/huqi
	else
		die "no folder to keep librdkafka in; set HOME or HUQI_CACHE"
	fi
	prefix=$cache/librdkafka-$RDKAFKA
}

# Debian's testing and unstable have no number and are taken for 13, whose package names they share.
VERSION_ID=13
[ ! -r /etc/os-release ] || . /etc/os-release
release=$VERSION_ID
if [ "$release" = 12 ]; then
	# It names the sanitizers' runtimes by version.
	TEST_PACKAGES=$(echo "$TEST_PACKAGES" | sed 's/libclang-rt-dev/libclang-rt-14-dev/')
else
	BUILD_PACKAGES="$BUILD_PACKAGES librdkafka-dev libyyjson-dev"
fi

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}
need_root() {
	[ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -v; } ||
		die "this needs root or sudo; let someone who has it run: $*"
}

# Waits for another apt run; its words are shown where it failed. Lists that could not be read anew, say of
# another project's broken source, don't stop it: only the installation counts.
apt_install() {
	need_root "apt-get update && apt-get install --no-install-recommends $*"
	apt_log=$(mktemp)
	for step in update "install -y --no-install-recommends $*"; do
		apt_status=0
		as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 $step \
			</dev/null >>"$apt_log" 2>&1 || apt_status=$?
	done
	[ "$apt_status" = 0 ] || tail -n 20 "$apt_log" >&2
	rm -f "$apt_log"
	[ "$apt_status" = 0 ] || die "apt-get did not install $*; its words are above"
}

# One question to dpkg for all; a package it has never heard of is missing, too.
missing_of() {
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
		awk -v wanted="$*" '$1 == "installed" { have[$2] = 1 }
			END { n = split(wanted, list); for (i = 1; i <= n; i++) if (!(list[i] in have)) printf " %s", list[i] }'
}

install_missing() {
	missing=$(missing_of "$@")
	[ -n "$missing" ] || return 0
	echo "deps: installing$missing"
	apt_install $missing
}

# The machine's own source of Debian 12 with the suite changed to trixie: the first deb822 stanza, otherwise the
# first one-line entry, whose suite is Debian 12 itself (not its updates or security).
trixie_sources() {
	awk '
		function flush() {
			if (uris != "" && suites ~ / (bookworm|oldstable) / && components ~ / main / && enabled) {
				print "Types: deb deb-src\nURIs: " uris "\nSuites: trixie\nComponents: main"
				if (signed != "") print "Signed-By: " signed
				found = 1
				exit
			}
			uris = suites = components = signed = field = ""; enabled = 1
		}
		FNR == 1 { flush() }
		/^#/ { next }
		/^[ \t]*$/ { flush(); next }
		/^[ \t]/ { if (field == "signed-by") signed = signed "\n" $0; next }
		{ field = tolower($0); sub(/:.*/, "", field); value = $0; sub(/^[^:]*:[ \t]*/, "", value) }
		field == "uris" { uris = value }
		field == "suites" { suites = " " value " " }
		field == "components" { components = " " value " " }
		field == "signed-by" { signed = value }
		field == "enabled" { enabled = value !~ /^(no|false|0)$/ }
		END { if (!found) flush(); exit !found }' /etc/apt/sources.list.d/*.sources 2>/dev/null && return
	mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
		sed -nE 's/^[ \t]*deb[ \t]+(\[[^]]*\][ \t]+)?([^ \t]+)[ \t]+(bookworm|oldstable)[ \t].*\<main\>.*/\2/p' | head -n 1)
	[ -n "$mirror" ] || die "no source of Debian 12 in /etc/apt/sources.list or sources.list.d to fetch from; add one"
	printf 'Types: deb deb-src\nURIs: %s\nSuites: trixie\nComponents: main\nSigned-By: %s\n' "$mirror" "$KEYRING"
}

have_yyjson() {
	dpkg-query -W -f '${db:Status-Status} ${Version}\n' libyyjson-dev 2>/dev/null | grep -qxF "installed $YYJSON"
}
have_rdkafka() { [ -f "$prefix/done" ]; }

# apt with the trixie source alone and with its lists elsewhere: the machine's own stay as they are.
trixie_apt() {
	apt-get -qq -o Dir::Etc::SourceList="$work/trixie.sources" -o Dir::Etc::SourceParts=- \
		-o Dir::State::Lists="$work/lists" -o Dir::Cache="$work" -o APT::Sandbox::User=root "$@"
}

get_from_trixie() {
	cache_folder
	! have_yyjson || ! have_rdkafka || return 0
	have_yyjson || need_root "sh seeds/deps.sh build"
	mkdir -p "$cache" || die "cannot make $cache; set HUQI_CACHE to a folder that can be written"
	exec 9>"$cache/lock" && flock 9 # one at a time; the second finds the work done
	! have_yyjson || ! have_rdkafka || return 0
	install_missing dpkg-dev g++ python3 debian-archive-keyring
	# The keyring of Debian 12's first images has no key of 13.
	[ -e /usr/share/keyrings/debian-archive-trixie-automatic.gpg ] || apt_install debian-archive-keyring
	work=$(mktemp -d "$cache/work.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	mkdir -p "$work/lists/partial" "$work/archives/partial"
	trixie_sources > "$work/trixie.sources"
	cd "$work"
	trixie_apt update || die "could not read Debian 13's package lists from the mirror in $work/trixie.sources:
$(cat "$work/trixie.sources")"
	have_yyjson || get_yyjson
	have_rdkafka || build_rdkafka
}

get_yyjson() {
	echo "deps: installing yyjson $YYJSON of Debian 13"
	trixie_apt download "libyyjson0=$YYJSON" "libyyjson-dev=$YYJSON" ||
		die "the mirror does not give out yyjson $YYJSON of Debian 13; seeds/deps.sh names the version"
	as_root dpkg -i libyyjson0_*.deb libyyjson-dev_*.deb >yyjson.log 2>&1 ||
		{ cat yyjson.log >&2; die "yyjson $YYJSON did not install; dpkg's words are above"; }
}

# Filled beside its final name and renamed, so that an interrupted build leaves no half of it.
build_rdkafka() {
	echo "deps: building librdkafka $RDKAFKA once, into $prefix (about 75 s on 2 cores)"
	trixie_apt source "librdkafka=$RDKAFKA" >rdkafka-source.log 2>&1 ||
		{ cat rdkafka-source.log >&2
			die "the mirror does not give out librdkafka's source $RDKAFKA; seeds/deps.sh names the version"; }
	mkdir -p new/include/librdkafka new/lib
	(cd librdkafka-*/ && ./configure --disable-gssapi --disable-curl >../rdkafka-configure.log 2>&1 &&
		make -s -C src -j"$(nproc)" librdkafka.a >../rdkafka-make.log 2>&1 &&
		cp src/librdkafka.a ../new/lib/ && cp src/rdkafka.h src/rdkafka_mock.h ../new/include/librdkafka/) ||
		{ tail -n 20 rdkafka-*.log >&2; die "librdkafka $RDKAFKA did not build; its log is above"; }
	touch new/done
	rm -rf "$prefix"
	mv -T new "$prefix"
}

case ${1:-build} in
prefix)
	[ "$release" != 12 ] || { cache_folder; echo "$prefix"; }
	exit 0 ;;
build | test) ;;
*)
	echo "usage: deps.sh build|test|prefix" >&2
	exit 2 ;;
esac

command -v dpkg-query >/dev/null || die "huqi builds on Debian 12 or 13; this is ${PRETTY_NAME:-no Debian}"
case ${1:-build} in
build)
	install_missing $BUILD_PACKAGES
	[ "$release" != 12 ] || get_from_trixie ;;
test) install_missing $TEST_PACKAGES ;;
esac
