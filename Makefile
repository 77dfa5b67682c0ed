# What one can do here. Every target installs what it needs (Debian 12; as root or with sudo).
.DEFAULT_GOAL := build
JOBS ?= $(shell nproc)
RELEASE := build/release

.PHONY: build run test accuracy bench install deb examples format format-check tidy asan tsan fuzz clean help

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build: $(RELEASE)/build.ninja ## Build build/release/assay
	ninja -C $(RELEASE) -j $(JOBS) assay assay-examiner assay-smb

$(RELEASE)/build.ninja: CMakeLists.txt CMakePresets.json
	scripts/dependencies.sh build
	cmake --preset release

examples: ## Make the example files under examples/generated
	python3 examples/generate.py examples/generated

run: build examples ## Scan the examples and show what is found
	@$(RELEASE)/assay scan examples/generated || [ $$? -eq 3 ] # 3: some of the examples cannot be read, on purpose

test: ## Run every test that a change must pass
	scripts/dependencies.sh test
	scripts/test_servers.sh
	scripts/test.sh

accuracy: build ## Measure how well each entity is found, and write docs/accuracy.md
	python3 tests/accuracy/measure.py --assay $(RELEASE)/assay --fresh 3 --report docs/accuracy.md > /dev/null

bench: ## Measure against the limits, as ratios in one run
	scripts/dependencies.sh build
	cmake --preset release
	ninja -C $(RELEASE) -j $(JOBS)
	scripts/bench.sh

install: build ## Install under /usr/local (PREFIX=... for elsewhere)
	cmake --install $(RELEASE) --prefix $(or $(PREFIX),/usr/local)

deb: build ## Make a Debian package in build/release
	scripts/dependencies.sh package
	cd $(RELEASE) && cpack -G DEB

format: ## Format the sources
	git ls-files '*.cpp' '*.h' '*.inc' | xargs clang-format-19 -i

format-check: ## Say which sources are not formatted
	git ls-files '*.cpp' '*.h' '*.inc' | xargs clang-format-19 --dry-run --Werror

tidy: ## Run clang-tidy over all sources but tests
	scripts/tidy.sh

asan: ## All tests under the address and undefined-behaviour sanitizers
	scripts/sanitize.sh asan

tsan: ## Tests of what uses threads, under the thread sanitizer
	scripts/sanitize.sh tsan

fuzz: ## A short run of every fuzz target, in the asan build (SECONDS_EACH=60 for longer, SEED=0 for another)
	scripts/fuzz.sh

clean: ## Remove everything that was built
	rm -rf build examples/generated
