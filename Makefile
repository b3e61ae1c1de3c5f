# Everything here runs from the repository's root. `make` alone lists the targets.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
UV ?= uv
JOBS ?= auto
ARGS ?=

# The first interpreter found that is new enough. Override: make PYTHON=/path/to/python setup
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done)
endif

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: setup
setup: $(VENV)/.setup ## make .venv with the pinned runtime dependencies and the project

.PHONY: setup-dev
setup-dev: $(VENV)/.setup-dev ## setup, and the pinned tools for tests and lint

$(VENV)/.created:
	@if [ -z "$(PYTHON)" ] || ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo "Folkmoot needs Python 3.11 or newer; found: $$($(or $(PYTHON),python3) --version 2>&1 | head -n 1)" >&2; \
		echo "Name one with: make PYTHON=python3.12 ..." >&2; exit 1; fi
	@if [ -x $(BIN)/python ] && $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		if ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
			echo "$(VENV) holds a Python older than 3.11: remove it and try again." >&2; exit 1; fi; \
	elif [ -e $(VENV)/pyvenv.cfg ] || [ ! -e $(VENV) ]; then \
		rm -rf $(VENV); \
		$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
			echo "Could not make $(VENV). Debian needs: apt-get install python3-venv" >&2; exit 1; }; \
	else echo "$(VENV) is there but is not a virtual environment: move it away." >&2; exit 1; fi
	@touch $@

$(VENV)/.setup: requirements.txt pyproject.toml | $(VENV)/.created
	$(PIP) install --quiet --require-hashes -r requirements.txt
	$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.setup-dev: requirements-dev.txt $(VENV)/.setup
	$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

.PHONY: demo
demo: setup ## run the demonstration; ARGS="..." is passed on
	$(BIN)/folkmoot demo $(ARGS)

.PHONY: lint
lint: setup-dev ## ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: test
test: lint ## lint, then all tests, on JOBS cores; ARGS="..." is passed to pytest
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(ARGS)

.PHONY: format
format: setup-dev ## rewrite the code in the house format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: faults
faults: setup-dev ## the whole run of the fault tests, every point of failure
	FOLKMOOT_FAULTS=all $(BIN)/python -m pytest -m faults tests/faults $(ARGS)

TIMES ?= 20
.PHONY: fuzz
fuzz: setup-dev ## hostile payloads of Slack, Discord and GitHub; TIMES=200 as many as in the tests, ARGS="-k slack"
	FOLKMOOT_FUZZ=$(TIMES) $(BIN)/python -m pytest -n $(JOBS) --dist loadfile tests/fuzz $(ARGS)

SEEDS ?= 20
.PHONY: simulate
simulate: setup-dev ## thirty days of everything going wrong; SEEDS=200 FIRST=1 JOBS=2 DAYS=30 GIT=1 WIRED=1 TRACE=1
	SEEDS=$(SEEDS) FIRST=$(FIRST) JOBS=$(JOBS) DAYS=$(DAYS) GIT=$(GIT) WIRED=$(WIRED) TRACE=$(TRACE) $(BIN)/python -m tests.simulation

.PHONY: bench
bench: setup-dev ## measure; ARGS="..." is passed on
	$(BIN)/python -m tests.bench $(ARGS)

.PHONY: corpus
corpus: setup-dev ## replay other projects' edits of their maintainers files; ARGS="--diff FORMAT" for more
	$(BIN)/python -m tests.corpus $(ARGS)

.PHONY: golden
golden: setup-dev ## rewrite the golden files; read the diff before you commit it
	FOLKMOOT_GOLDEN=write $(BIN)/python -m pytest $(ARGS)

.PHONY: docs
docs: setup-dev ## write docs/reference from the code
	$(BIN)/python -m tests.docs.generate

# Keeps the present pins where pyproject.toml still allows them.
# To move to the newest versions: make pins ARGS=--upgrade
PINS := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

.PHONY: pins
pins: ## write requirements*.txt anew from pyproject.toml (needs uv)
	@command -v $(UV) >/dev/null || { echo "make pins needs uv; name it with UV=/path/to/uv" >&2; exit 1; }
	$(PINS) --group build pyproject.toml $(ARGS) -o requirements.txt
	$(PINS) --group build --extra dev -c requirements.txt pyproject.toml $(ARGS) -o requirements-dev.txt

.PHONY: clean
clean: ## remove .venv, caches and build leftovers
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find bot adapters storage tests -name __pycache__ -type d -prune -exec rm -rf {} +
