# What there is to do with this checkout. `make` lists it. Everything is installed into .venv, what the benchmark
# needs into .venv-bench, at the versions and hashes in the lock files; nothing outside this folder is touched.

PYTHON ?= python3
INI ?= development.ini
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
LOCKS := requirements.lock requirements-dev.lock bench/requirements.lock

# A lock is whole: pip installs what it names and looks for nothing else, whatever has been published since.
LOCKED := -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes --requirement
EDITABLE := -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --no-index --editable .

.PHONY: help install dev serve test coverage test-long lint contract bench migration lock clean
.DEFAULT_GOAL := help

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s  %s\n", $$1, $$2 }' Makefile

install: $(VENV)/installed ## Install cinema into .venv; does nothing when nothing changed. PYTHON=python3.12 picks one.

serve: install ## Set up the database, fill an empty one with a demo, and serve on port 6543, or PORT=8000.
	$(BIN)/cinema -c $(INI) db upgrade
	$(BIN)/cinema -c $(INI) demo --if-empty
	@echo "cinema is at http://127.0.0.1:$(or $(PORT),6543)/docs (Ctrl-C stops it)"
	@$(BIN)/pserve $(INI) $(if $(PORT),http_port=$(PORT))

test: dev ## Run the tests on SQLite and PostgreSQL. PYTEST_ARGS="-x tests/functional" picks some.
	$(BIN)/python -m pytest -m "not slow" --numprocesses auto --dist worksteal $(PYTEST_ARGS)

coverage: dev ## The same, and say which lines no test has run. Takes half as long again.
	$(BIN)/python -m pytest -m "not slow" --numprocesses auto --dist worksteal --cov=cinema --cov-report=term $(PYTEST_ARGS)

test-long: dev ## Run the long races and crash rounds that `make test` leaves out.
	$(BIN)/python -m pytest -m slow $(PYTEST_ARGS)

lint: dev ## Check style, formatting and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict cinema

contract: dev ## Write docs/contract anew: what there is to call, and who may.
	$(BIN)/python -m tests.contract.write

bench: $(BENCH)/installed ## Measure how fast it is, beside a bare waitress and other frameworks. BENCH_ARGS="--help" lists options.
	$(BENCH)/bin/python -m bench $(BENCH_ARGS)

migration: dev ## Write a migration from what the models have and the tables lack: make migration m="what changes".
	@test -n "$$m" || { echo 'Say what changes: make migration m="what changes"' >&2; exit 1; }
	@$(BIN)/python -c "$$WRITE_MIGRATION"
	@$(BIN)/ruff check --quiet --fix cinema/migrations && $(BIN)/ruff format --quiet cinema/migrations

lock: ## Write the lock files after setup.py or bench/requirements.in changed. UPGRADE=1 takes the newest of everything.
	@set -e; tool=$$(mktemp -d); trap 'rm -rf "$$tool"' EXIT; \
	$(PYTHON) -m venv "$$tool"; \
	"$$tool/bin/python" -m pip --disable-pip-version-check --quiet install uv; \
	compile() { "$$tool/bin/uv" pip compile --quiet --no-config --universal --python-version 3.11 \
		--generate-hashes --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade) "$$@"; }; \
	compile setup.py --output-file requirements.lock; \
	compile setup.py --extra test --extra lint --constraints requirements.lock --output-file requirements-dev.lock; \
	compile setup.py bench/requirements.in --extra test --constraints requirements-dev.lock \
		--output-file bench/requirements.lock; \
	if grep -nE '^-|[a-z]+://' $(LOCKS); then \
		echo 'A lock file names where packages come from; it has to work anywhere.' >&2; exit 1; \
	fi

clean: ## Remove what can be made again: .venv, caches, builds. Databases and secrets stay.
	rm -rf $(VENV) $(BENCH) build dist *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -- how it is done ------------------------------------------------------------------------------------------

# A stamp file says what is installed; make compares it with what the installation was made from.
dev: $(VENV)/installed-dev

$(BIN)/python $(BENCH)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo 'There is no $(PYTHON) here. Try: make install PYTHON=python3.11' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cinema needs Python 3.11 or newer; \
	$(PYTHON) is " + sys.version.split()[0] + ". Try: make install PYTHON=python3.11")'
	@$(PYTHON) -m venv --clear $(@:/bin/python=) || { rm -rf $(@:/bin/python=); exit 1; }

$(VENV)/installed: $(BIN)/python setup.py pyproject.toml requirements.lock
	@echo 'Installing cinema into $(VENV) …'
	@$(BIN)/python $(LOCKED) requirements.lock
	@$(BIN)/python $(EDITABLE)
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	@echo 'Installing what tests and linters need …'
	@$(BIN)/python $(LOCKED) requirements-dev.lock
	@touch $@

$(BENCH)/installed: $(BENCH)/bin/python setup.py pyproject.toml bench/requirements.lock
	@echo 'Installing what cinema is measured against into $(BENCH) …'
	@$(BENCH)/bin/python $(LOCKED) bench/requirements.lock
	@$(BENCH)/bin/python $(EDITABLE)
	@touch $@

# Compares the models with an empty database that has had every migration.
define WRITE_MIGRATION
import os, tempfile
from alembic import command
from alembic.script import ScriptDirectory
from cinema.core.db.engines import Database, database_settings
from cinema.core.db.revision import alembic_config

config = alembic_config()
number = 1 + max(int(each.revision) for each in ScriptDirectory.from_config(config).walk_revisions())
config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
with tempfile.TemporaryDirectory() as folder:
    os.environ["CINEMA_DATABASE_URL"] = f"sqlite:///{folder}/empty.sqlite3"
    database = Database(database_settings({}))
    with database.writers.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        command.revision(config, os.environ["m"], autogenerate=True, rev_id=f"{number:04}")
    database.dispose()
endef
export WRITE_MIGRATION
