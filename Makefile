# make run    set up, build the release tool, enrich a real table with simulated providers
# make test   the same set-up, then every test
# make lint   format and layout checks
# make server build waterfall-server too, for “waterfall sandbox”
# make speed  our own performance against peers, measured in one run

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
BUILD := swift build --explicit-target-dependency-import-check error
TOOL := .build/release/waterfall
# On Linux, Swift's libraries become part of the executables, where the toolchain has them in that
# form: they start in half the time, and run where no Swift is installed.
STATIC = $(shell [ "$$(uname -s)" = Linux ] && folder=$$(swift -print-target-info 2>/dev/null | \
  sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1_static/p') && [ -d "$$folder" ] && \
  echo --static-swift-stdlib)
RELEASE = $(BUILD) -c release $(STATIC) --product
TOUR := .build/tour
# Tests of sockets and programs, whose limits of time mean little while others compute: one by one.
TIMED := ^(CurlTransport|CommandRunners|WaterfallServer)Tests\.|SignalTests

.PHONY: run test lint speed setup tool server clean

run: setup tool
	@rm -rf $(TOUR) && mkdir -p $(TOUR)
	@export WATERFALL_WORKSPACE=$(TOUR)/workspace.sqlite; \
	set -x; \
	$(TOOL) enrich docs/tour/legislators.csv -o $(TOUR)/enriched.csv \
	  --column work_email --column mobile_phone --simulate --seed 7; \
	head -4 $(TOUR)/enriched.csv; \
	$(TOOL) run-info --simulate

test: setup
	$(BUILD) --build-tests
	@status=0; set -x; \
	swift test --skip-build --skip '$(TIMED)' || status=1; \
	swift test --skip-build --no-parallel --filter '$(TIMED)' || status=1; \
	exit $$status

lint:
	swift format lint --strict --recursive Package.swift Plugins Sources Tests

speed: setup tool server
	python3 benchmarks/speed/speed.py --tool $(TOOL)
	python3 benchmarks/speed/exchanges.py --tool $(TOOL)

tool: setup
	$(RELEASE) waterfall

server: tool
	$(RELEASE) waterfall-server

# Swift itself cannot be installed from here; the system packages can.
setup:
	@command -v swift >/dev/null || { \
	  echo "Swift 6.2 or newer is needed: see https://www.swift.org/install" >&2; exit 1; }
	@.ci/setup

clean:
	swift package clean
