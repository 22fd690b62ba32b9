# huqi: `make run` and `make test` are all a newcomer needs; `make help` lists the rest.
#
# Wildcards find the sources, so adding a file never changes this page. BUILD names the output folder;
# SAN=address,undefined or SAN=thread builds with that sanitizer (use another BUILD folder for it).

BUILD    ?= build
# One name for one folder, however it was given: the .d files name their objects by it.
override BUILD := $(patsubst $(CURDIR)/%,%,$(abspath $(BUILD)))
CC       ?= cc
SAN      ?=
DESTDIR  ?=
PREFIX   ?= /usr/local
VERSION  := 0.1.0

deps_prefix := $(shell sh seeds/deps.sh prefix)
pkgs        := libhs sqlite3 libmicrohttpd libcurl yaml-0.1 expat libutf8proc libsodium libxxhash yyjson
ifneq ($(deps_prefix),)
rdkafka_cflags := -isystem $(deps_prefix)/include
rdkafka_libs   := $(deps_prefix)/lib/librdkafka.a -llz4 -lzstd -lz -lssl -lcrypto -ldl
else
pkgs           += rdkafka
endif

hardening := -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -fPIE
ifeq ($(SAN),)
opt := -O2 -D_FORTIFY_SOURCE=3 $(hardening)
else
opt := -O1 -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=all -fPIE
endif

CFLAGS   ?= -g
# A library's update within a Debian release may declare a function of its own deprecated: shown, and no end
# to anyone's `make run`.
keep_on  := -Wno-error=deprecated-declarations
# make V=1 shows every command
Q        := $(if $(V),,@)
cflags    = -std=c17 -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla $(keep_on) $(opt) $(CFLAGS)
cppflags  = -D_GNU_SOURCE -DHUQI_VERSION='"$(VERSION)"' -Iengine -I. -I$(BUILD)/gen $(rdkafka_cflags) \
            $(shell pkg-config --cflags $(pkgs) 2>/dev/null) $(CPPFLAGS)
ldflags   = -pie -Wl,-z,relro,-z,now $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)
libs      = $(rdkafka_libs) $(shell pkg-config --libs $(pkgs) 2>/dev/null) -lm -lpthread

# *gen.c are programs that run during the build; main.c is the program's own.
sources   := $(filter-out %gen.c engine/main.c,$(wildcard engine/*.c engine/*/*.c api/*.c))
objects   := $(sources:%.c=$(BUILD)/o/%.o)
# TSan sees POSIX threads and not C11's, which librdkafka uses: this file leads the ones to the others.
ifneq ($(findstring thread,$(SAN)),)
objects   += $(BUILD)/o/tests/tsan_threads.o
ldflags   += -Wl,-u,thrd_create
endif
generated := $(BUILD)/gen/fold_table.inc $(BUILD)/gen/embedded_sql.inc $(BUILD)/gen/embedded_api.inc

.PHONY: all help run test unit-tests tools stages deliveries fuzz-build fuzz-replay deps deps-test style asan ubsan tsan fuzz bench cov install clean
.DELETE_ON_ERROR:

all: deps
	@$(MAKE) --no-print-directory $(BUILD)/huqi

help:
	@sed -n 's/^## //p' Makefile

## make            installs what the build needs, builds build/huqi
## make run        builds and starts the demo: broker, simulated feed, warnings, HTTP on 127.0.0.1:8080
run: all
	@$(BUILD)/huqi serve --demo

## make test       installs what the tests need and runs all of them; the last line counts
test: all deps-test
	@sh tests/run.sh $(BUILD)

## make deps       installs the libraries (Debian 12 or 13)
deps:
	@sh seeds/deps.sh build
# after deps: two runs of apt would meet under make -j
deps-test: deps
	@sh seeds/deps.sh test

$(BUILD)/huqi: $(BUILD)/o/engine/main.o $(BUILD)/libhuqi.a
	@echo "  LD $@"
	$(Q)$(CC) $(ldflags) -o $@ $^ $(libs)

$(BUILD)/libhuqi.a: $(objects)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/o/%.o: %.c | $(generated)
	@mkdir -p $(@D)
	@echo "  CC $<"
	$(Q)$(CC) $(cppflags) $(cflags) -MMD -MP -c -o $@ $<

# What the build makes out of data: the folding table, the schema, the API's description.
$(BUILD)/gen/fold_table.inc: $(BUILD)/foldgen patterns/folding.yaml
	@mkdir -p $(@D)
	@opencc_dict -i /usr/share/opencc/TSCharacters.ocd2 -f ocd2 -t text -o $(@D)/ts_characters.txt
	$< patterns/folding.yaml $(@D)/ts_characters.txt > $@
$(BUILD)/foldgen: $(wildcard engine/fold/*foldgen.c) engine/fold/foldgen.h engine/fold/word_end.h
	@mkdir -p $(@D)
	$(CC) $(cppflags) -std=c17 -Wall -Wextra -Werror -O1 $(CFLAGS) -o $@ $(filter %.c,$^) \
		$(shell pkg-config --libs libutf8proc yaml-0.1)
$(BUILD)/gen/embedded_sql.inc: $(wildcard engine/store/*.sql)
	@mkdir -p $(@D)
	@for f in $(sort $^); do sed -e 's/--.*//' -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^\(.*\)$$/"\1\\n"/' $$f; echo ','; done > $@
$(BUILD)/gen/embedded_api.inc: api/openapi.json
	@mkdir -p $(@D)
	@sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^\(.*\)$$/"\1\\n"/' $< > $@

# One program a unit test; each closes with cmocka's count.
unit_tests := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
unit_helpers := $(patsubst %.c,$(BUILD)/o/%.o,$(filter-out $(wildcard tests/unit/test_*.c),$(wildcard tests/unit/*.c tests/reference/*.c)))
unit-tests: $(unit_tests)
$(BUILD)/tests/%: $(BUILD)/o/tests/unit/%.o $(unit_helpers) $(BUILD)/libhuqi.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	$(Q)$(CC) $(ldflags) -o $@ $^ $(libs) -lcmocka

# Programs of the tests and benchmarks that speak to a broker from outside, and share no code with huqi.
tools: $(patsubst %.c,$(BUILD)/tools/%,$(wildcard tests/kafka/*.c bench/*.c))
$(BUILD)/tools/%: %.c
	@mkdir -p $(@D)
	$(CC) $(cppflags) -std=c17 -Wall -Wextra -Werror -O2 $(CFLAGS) -o $@ $< $(libs)

# Benchmarks of the engine's inside, in one process with it.
stages: $(BUILD)/stages
$(BUILD)/stages: $(BUILD)/o/bench/stages/stages.o $(BUILD)/libhuqi.a
	$(Q)$(CC) $(ldflags) -o $@ $^ $(libs)

deliveries: $(BUILD)/deliveries
$(BUILD)/deliveries: $(BUILD)/o/bench/deliveries/deliveries.o $(BUILD)/o/tests/unit/notify_receiver.o $(BUILD)/libhuqi.a
	$(Q)$(CC) $(ldflags) -o $@ $^ $(libs)

## make style      arrows between folders, file and function sizes, shell syntax
style:
	@sh tests/style.sh

## make asan ubsan tsan    unit, golden and end-to-end tests under a sanitizer
asan:
	@HUQI_PATIENCE=$${HUQI_PATIENCE:-4} $(MAKE) --no-print-directory test BUILD=$(BUILD)/asan SAN=address
ubsan:
	@HUQI_PATIENCE=$${HUQI_PATIENCE:-2} $(MAKE) --no-print-directory test BUILD=$(BUILD)/ubsan SAN=undefined
tsan:
	@HUQI_PATIENCE=$${HUQI_PATIENCE:-6} $(MAKE) --no-print-directory test BUILD=$(BUILD)/tsan SAN=thread

## make fuzz       each fuzz target for FUZZ_SECONDS (60), with clang's libFuzzer
FUZZ_SECONDS ?= 60
fuzzers := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz: all deps-test
	@$(MAKE) --no-print-directory fuzz-build BUILD=$(BUILD)/fuzz SAN=address,undefined,fuzzer-no-link CC=clang
	@sh tests/fuzz/run.sh $(BUILD)/fuzz $(FUZZ_SECONDS) $(fuzzers)
fuzz-build: $(fuzzers:%=$(BUILD)/%)
$(BUILD)/fuzz_%: $(BUILD)/o/tests/fuzz/fuzz_%.o $(BUILD)/libhuqi.a
	$(CC) -pie -fsanitize=address,undefined,fuzzer -o $@ $^ $(libs)

# The same targets without a fuzzer: `make test` feeds them their corpora, under the sanitizers.
fuzz-replay: $(fuzzers:%=$(BUILD)/replay/%)
$(BUILD)/replay/fuzz_%: $(BUILD)/o/tests/fuzz/fuzz_%.o $(BUILD)/o/tests/fuzz/replay_main.o $(BUILD)/libhuqi.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	$(Q)$(CC) $(ldflags) -o $@ $^ $(libs)

## make bench      the benchmarks of bench/README.md on a real broker
bench: all deps-test
	@sh bench/run.sh $(BUILD)

## make cov        line coverage of the unit and golden tests, in build/cov/
cov:
	@$(MAKE) --no-print-directory test BUILD=$(BUILD)/cov CFLAGS="-g --coverage" LDFLAGS=--coverage TESTS="unit cases"
	@sh tests/coverage.sh $(BUILD)/cov

## make install    DESTDIR= PREFIX=/usr/local
install: all
	install -Dm755 $(BUILD)/huqi $(DESTDIR)$(PREFIX)/bin/huqi
	@for f in $$(find patterns seeds -type f ! -name deps.sh); do \
		install -Dm644 $$f "$(DESTDIR)$(PREFIX)/share/huqi/$$f" || exit 1; done

## make clean      removes build/
clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/o -name '*.d' 2>/dev/null)
