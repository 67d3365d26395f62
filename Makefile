# make up                        everything on this machine, with a demo
# make up PORT=8123 DATA_DIR=d   another port, another data directory
# make test                      the whole suite; TESTS="tests/cxm -k audit" for a part of it
# make lint                      style, imports, types
# make requirements              pin the newest versions again (needs uv)

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DATA_DIR ?= .data
TESTS ?=
WORKERS ?= 2
UV ?= uv

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes
COMPILE := $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links

.PHONY: up test lint requirements clean

# `exec` and CXM_TIED: Ctrl-C reaches the supervisor itself, and it ends with make.
up: .venv/run.stamp
	@CXM_TIED=1 exec $(BIN)/python manage.py up --host "$(HOST)" --port "$(PORT)" --data-dir "$(DATA_DIR)" $(UP)

test: .venv/dev.stamp
	@exec $(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy .

requirements:
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) pyproject.toml --group dev --output-file requirements-dev.txt

# The environment, and a stamp for each list: installed again only when the list has changed.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "CXM needs Python 3.11 or later: make PYTHON=python3.11 …")'
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.txt | $(BIN)/python
	@echo "Installing requirements.txt …"
	@$(PIP) --requirement requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt | $(BIN)/python
	@echo "Installing requirements-dev.txt …"
	@$(PIP) --requirement requirements-dev.txt
	@touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache staticfiles
