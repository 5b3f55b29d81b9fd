# SPDX-License-Identifier: MIT
# Meson builds; this file only names what there is to do. Everything made lies in build/.
PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 30
ARGS ?=

release := build/release
fuzz := build/fuzz

.PHONY: all run test bench fuzz install format clean deps

all:
	@tools/install-deps build
	@tools/configure $(release) --buildtype=release -Dtests=false --prefix=$(PREFIX)
	@ninja --quiet -C $(release)

# A whole chat: our server in front of an ngircd of its own, with a real client. ARGS=--once ends after it.
run:
	@tools/install-deps run
	@$(MAKE) --no-print-directory all
	@tools/run $(ARGS)

# Everything that can be checked; the last line is the totals. ARGS names tests to run alone.
test: deps
	@tools/test $(ARGS)

bench: all
	@$(release)/bench/bench $(ARGS)

# Every parser under libFuzzer for FUZZ_SECONDS each, starting from its corpus.
fuzz: deps
	@CC=clang tools/configure $(fuzz) --buildtype=debugoptimized -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false
	@ninja --quiet -C $(fuzz)
	@tools/fuzz $(fuzz) $(FUZZ_SECONDS) $(ARGS)

install: all
	@DESTDIR=$(DESTDIR) meson install -C $(release) --no-rebuild

format:
	@git ls-files -- '*.c' '*.h' | xargs clang-format -i

clean:
	@rm -rf build

deps:
	@tools/install-deps
