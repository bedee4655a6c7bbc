# The two commands of the first screen are `make demo` and `make test`; each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
.DEFAULT_GOAL := help
.PHONY: help install demo test check serve lint format types layers lock benchmark clean

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): constraints.txt pyproject.toml
	@echo "Setting up $(VENV): a few minutes the first time, a moment afterwards."
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

install: $(READY) ## set up .venv from the lock; does nothing when it is current

demo: $(READY) ## transcribe and mine the sample event, then open the viewer on it
	$(BIN)/harvest demo

serve: $(READY) ## viewer and worker on your own data
	$(BIN)/harvest serve

test: $(READY) ## all tests, on up to four cores
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: $(READY) ## what CI runs: format, lint, types, layers, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

format: $(READY) ## format and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## renew constraints.txt from a fresh environment
	rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet -e '.[dev,redis,postgres]' 'torch==2.13.0'
	$(VENV)-lock/bin/python -m pip freeze --exclude-editable | sed -E 's/^(torch==[0-9.]+).*/\1/' > constraints.txt
	rm -rf $(VENV)-lock

benchmark: $(READY) ## seconds and memory per stage on the sample event
	$(BIN)/python -m tests.benchmarks.main_job

clean: ## remove the environment and caches; your data stays where it is
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
