# The two commands: `make run` and `make test`. What they do without make stands in README.md.
PORT ?= 8000
export PORT
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
CORES := $(shell nproc 2>/dev/null || echo 2)

.PHONY: run test check lint types contracts templates generated requirements

run: $(VENV)/.runs
	@$(PY) manage.py prepare
	@exec $(PY) manage.py serve

test: $(VENV)/.tests
	$(PY) -m pytest --numprocesses $(CORES) --dist loadfile --no-loadscope-reorder $(ARGS)

# What a machine can see without running the product. `make --keep-going check` names everything at once.
check: lint types contracts templates generated

lint: $(VENV)/.tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(VENV)/.tests
	$(PY) -m mypy .

contracts: $(VENV)/.tests
	$(VENV)/bin/lint-imports --no-logo

templates: $(VENV)/.tests
	$(VENV)/bin/djlint --check templates

generated: $(VENV)/.tests
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py draw_machines --check
	$(PY) -m pytest --collect-only --quiet --requirements check > /dev/null

# Each SEED-, EXT- and AUD- behaviour with the tests that carry it; written to docs/requirements.md.
requirements: $(VENV)/.tests
	@$(PY) -m pytest --collect-only --quiet --requirements write > /dev/null
	@cat docs/requirements.md

$(VENV)/.runs: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the product needs; this takes a minute the first time."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.tests: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what the product and its tests need; this takes a minute the first time."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.runs

$(VENV)/bin/python:
	@sh .ci/make_venv.sh $(PYTHON) $(VENV)
