# Two commands do everything on a fresh Debian 12 machine with Node 20, Go, gcc, make and git: `make demo` and `make test`.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
BIN := node_modules/.bin
TSX := $(BIN)/tsx
# Who asks with -n, -q or -t wants nothing carried out. Otherwise question mode: lines that begin with + run as ever, and make adds no line of its own when
# one ends with 1, so that the last line of `make test` is its count, of a failed run too. The programs started must not inherit it.
ifeq (,$(findstring n,$(firstword -$(MAKEFLAGS)))$(findstring q,$(firstword -$(MAKEFLAGS)))$(findstring t,$(firstword -$(MAKEFLAGS))))
RUN := +@
MAKEFLAGS += --question --no-print-directory
else
RUN := @
endif
unexport MAKEFLAGS

.PHONY: help setup demo test-fast test soak bench build generate format lint clean

help: ## this list
	$(RUN)awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## install what is missing: npm packages and Debian packages, saying so
	$(RUN)scripts/setup.sh

demo: ## from nothing to a verified cluster of three control planes and a worker on this machine (Linux, root)
	$(RUN)scripts/setup.sh && $(TSX) scripts/demo.ts

test-fast: ## lint, types, layers, dead code, unit, property and protocol tests: under a minute, no lab
	$(RUN)scripts/setup.sh willing && $(TSX) scripts/run-checks.ts fast

test: ## test-fast, then artifacts and end to end on lab machines (Linux, root)
	$(RUN)scripts/setup.sh willing && $(TSX) scripts/run-checks.ts test

soak: ## everything the bars ask, for hours; figures go to bench/results/
	$(RUN)scripts/setup.sh && $(TSX) scripts/run-checks.ts soak

bench: ## start-up time, plans of up to 5,000 simulated machines, and apply against a plain script on lab machines, kept in bench/results/
	$(RUN)scripts/setup.sh npm && $(TSX) scripts/bench.ts

build: ## dist/: what is published
	$(RUN)scripts/setup.sh npm && $(TSX) scripts/build.ts

generate: ## write the documents that are made from the source
	$(RUN)scripts/setup.sh npm && $(TSX) scripts/generate-docs.ts

format: ## format every file
	$(RUN)scripts/setup.sh npm && $(BIN)/oxfmt

lint: ## the type-aware linter alone
	$(RUN)scripts/setup.sh npm && $(BIN)/oxlint

clean: ## remove what was built here; caches outside the checkout and lab machines stay
	$(RUN)rm -rf dist coverage .test-results node_modules/.cache
