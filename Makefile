# FluxGen: the commands of everyday work. `make help` lists them.
#
# Everything installed lives in .venv; delete it (make clean) to begin anew.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check lint chromium exiftool vnu bench survival samples film screenshots fonts messages lock clean

help:  ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/run.stamp  ## start everything: web, worker, Redis, database, sandboxes
	@exec $(BIN)/python -m fluxgen.sandbox.supervisor

test: $(VENV)/dev.stamp chromium exiftool vnu  ## run all tests (PYTEST="-k credits" narrows them down)
	@$(BIN)/python -m pytest -n auto --dist loadfile $(PYTEST)

check: lint test  ## everything a change must pass: format, lint, types, floors, tests

lint: $(VENV)/dev.stamp $(VENV)/direct.txt  ## everything but the tests
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --lint --quiet fluxgen/templates
	@$(BIN)/deptry --requirements-files $(VENV)/direct.txt .

chromium: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.support.chromium

exiftool: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.support.exiftool

vnu: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.support.vnu

bench: $(VENV)/dev.stamp  ## measure, both sides of each comparison in one run
	@$(BIN)/python -m benchmarks

survival: $(VENV)/dev.stamp  ## kill processes at random while 200 generations run
	@$(BIN)/python -m benchmarks.survival
	@$(BIN)/python -m benchmarks.survival --webhooks drop

samples: $(VENV)/dev.stamp  ## draw the Looks' missing samples with the sandbox's painter
	@$(BIN)/python -m benchmarks.samples

film: $(VENV)/dev.stamp  ## have models make the landing page's pictures (needs REPLICATE_API_TOKEN)
	@$(BIN)/python -m benchmarks.film

screenshots: $(VENV)/dev.stamp chromium  ## photograph every page and state into test-results/screenshots
	@$(BIN)/python -m pytest -q tests/browser/screenshots.py $(PYTEST)

fonts: $(VENV)/dev.stamp  ## cut the typefaces anew from their packages (needs npm)
	@$(BIN)/python -m benchmarks.fonts

messages: $(VENV)/dev.stamp  ## collect the words for translators, renew their catalogues (LANGUAGE=de begins one)
	@$(BIN)/python -m benchmarks.messages $(LANGUAGE)

UV_LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --python-version 3.11

lock: $(VENV)/dev.stamp  ## renew both requirements files from setup.cfg (UPGRADE=--upgrade for newer versions)
	@$(UV_LOCK) $(UPGRADE) setup.cfg --extra build --extra sandbox -o requirements.txt
	@$(UV_LOCK) $(UPGRADE) setup.cfg --all-extras -c requirements.txt -o requirements-dev.txt

clean:  ## remove .venv and what tools left behind; instance/ stays
	@rm -rf $(VENV) fluxgen.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: what is installed, remembered by file time, so that a second start costs nothing.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "FluxGen needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python3 make run"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing: install it (Debian, Ubuntu: apt install python3-venv)"; exit 1; }
	@echo "Setting up $(VENV), once; this takes about half a minute ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/locked.stamp: requirements.txt | $(BIN)/python
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/run.stamp: $(VENV)/locked.stamp setup.cfg pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q fluxgen migrations wsgi.py
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt | $(VENV)/run.stamp
	@echo "Installing the tools that tests and checks need ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

# What setup.cfg itself asks for, which deptry cannot read from there.
$(VENV)/direct.txt: setup.cfg | $(BIN)/python
	@$(BIN)/python -c 'from configparser import ConfigParser; c = ConfigParser(); c.read("setup.cfg"); \
		print(c["options"]["install_requires"], c["options.extras_require"]["sandbox"])' > $@
