# Every command that a person types. `make` alone prints them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROTO := $(shell cd proto && find hark -name '*.proto' | sort)
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-find-links --custom-compile-command "make lock" --quiet

.PHONY: help setup up test test-unit check fmt fmt-check lint types imports proto proto-check \
	migrate revision bench live chaos compose-up compose-down lock docs sbom

help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

setup: $(VENV)/.dev ## Make .venv with everything that is needed, from the hash-locked lists

# uv installs in seconds; where it cannot (a mirror that only pip knows of), pip does the same slowly.
define install
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r $(1) \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
endef

$(VENV)/.runtime: requirements/build.txt requirements/runtime.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Hark needs Python 3.11 or newer; set PYTHON=")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	$(call install,requirements/runtime.txt)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	$(call install,requirements/dev.txt)
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	$(call install,requirements/bench.txt)
	@touch $@

up: $(VENV)/.runtime ## Run everything on this machine; Ctrl-C stops it
	@$(BIN)/hark up

test: setup ## Run all tests (starts what they need)
	$(BIN)/pytest

test-unit: setup ## Run the tests that need nothing but Python
	$(BIN)/pytest tests/unit

check: setup fmt-check lint types imports proto-check ## Everything a reviewer should not have to look for

fmt: setup ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix --quiet .
	cd proto && ../$(BIN)/buf format -w

fmt-check: setup
	$(BIN)/ruff format --check --quiet .
	cd proto && ../$(BIN)/buf format -d --exit-code

lint: setup
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports

proto: setup ## Generate gen/ from proto/
	rm -rf gen/hark
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m grpc_tools.protoc -Iproto --python_out=gen \
		--mypy_out=quiet:gen --grpc_python_out=gen --mypy_grpc_out=quiet:gen $(PROTO)
	find gen -name '*_pb2_grpc.py*' ! -name '*_service_pb2_grpc.py*' -delete

proto-check: setup
	cd proto && ../$(BIN)/buf lint
	$(BIN)/python -m tests.proto_check

migrate: $(VENV)/.runtime ## Bring the database to the newest schema
	$(BIN)/hark migrate

revision: setup ## Write a migration from the tables: make revision m="what changes"
	$(BIN)/hark migrate --revision "$(m)"

live: setup ## Have the everyday conversations with the real Gemini (GEMINI_API_KEY; costs money)
	$(BIN)/python -m pytest -c pyproject.toml --rootdir . tests/conversations/live.py

bench: $(VENV)/.bench ## Measure, each figure beside its peer in the same run
	$(BIN)/python -m benchmarks

chaos: setup ## Kill, cut and delay everything, and check that nothing was lost or doubled
	$(BIN)/python -m tests.chaos

compose-up: ## Run the services in containers
	docker compose --profile sim up --build --wait

compose-down: ## Stop the containers
	docker compose --profile sim down

lock: setup ## Lock all dependencies anew, with hashes
	$(LOCK) --group pyproject.toml:build -o requirements/build.txt
	$(LOCK) pyproject.toml -o requirements/runtime.txt
	$(LOCK) pyproject.toml --group dev -o requirements/dev.txt
	$(LOCK) pyproject.toml --group dev --group bench -o requirements/bench.txt

docs: setup ## Write the generated sections of docs/
	$(BIN)/python -m tests.security.page

sbom: $(VENV)/.runtime ## Write hark.cdx.json, the bill of materials (CycloneDX) of what runs
	$(BIN)/python requirements/sbom.py hark.cdx.json
