# make setup · run · check · test · bench · screenshots · lock   (what each does: CONTRIBUTING.md)
# A target that finds nothing changed does nothing: the stamps carry the hash of the lock they installed.

.PHONY: setup setup-dev translations run check test strings bench screenshots lock clean
.DEFAULT_GOAL := setup
.DELETE_ON_ERROR:
SHELL := /bin/bash

BIN := .venv/bin
hash = $(firstword $(shell sha256sum requirements/$(1).txt))
PIP := $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check --require-hashes --no-deps
STAMP := .venv/.base-$(call hash,base)
STAMP_DEV := .venv/.dev-$(call hash,dev)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))

SIGNALEN_HOST ?= 127.0.0.1
SIGNALEN_PORT ?= 5000

setup: $(STAMP) translations

setup-dev: $(STAMP_DEV) setup

translations: $(STAMP) $(CATALOGUES)

run: setup
	@$(BIN)/flask --app wsgi migrate
	@$(BIN)/flask --app wsgi vocabulary load >/dev/null
	@$(BIN)/flask --app wsgi demo
	@echo "Signalen listens on http://$(SIGNALEN_HOST):$(SIGNALEN_PORT) (stop with Ctrl-C)"
	@exec $(BIN)/gunicorn --bind $(SIGNALEN_HOST):$(SIGNALEN_PORT) --worker-class gthread --workers 2 --threads 4 \
		--no-control-socket --log-level warning wsgi:app

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict signalen
	$(BIN)/djlint --lint templates
	$(BIN)/lint-imports
	$(BIN)/python -m signalen.web.catalogues check

# The programs first: a missing one is said before the long part begins.
test: setup-dev
	@postgres=$$(.ci/need postgres) && chromium=$$(.ci/need chromium) && echo "PostgreSQL: $$postgres; Chromium: $$chromium"
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest --all-engines --numprocesses 2 --dist loadfile

# Brings new words of code and templates into every catalogue.
strings: setup-dev
	$(BIN)/python -m signalen.web.catalogues update

bench: setup-dev
	@.ci/need postgres >/dev/null
	$(BIN)/python -m bench $(BENCH)

screenshots: setup-dev
	@.ci/need chromium >/dev/null
	$(BIN)/python -m tests.support.screenshots

# The lock: exact versions with the hashes of all their files, for every Python from 3.11 on; no index is named.
# UPGRADE=--upgrade takes newer versions; without it only what pyproject.toml demands changes.
lock: .venv/.lock/bin/uv
	$(COMPILE) --extra postgres --output-file requirements/base.txt
	$(COMPILE) --extra postgres --extra dev --constraint requirements/base.txt --output-file requirements/dev.txt
COMPILE = .venv/.lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE) pyproject.toml

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find translations -name '*.mo' -delete

.venv/bin/python:
	@python=$$(.ci/need python) && "$$python" -m venv .venv

# The project itself is not built: a path file lets every program of .venv find it.
$(STAMP): requirements/base.txt | .venv/bin/python
	$(PIP) -r $<
	@$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "signalen.pth").write_text("$(CURDIR)\n")'
	@rm -f .venv/.base-* && touch $@

$(STAMP_DEV): requirements/dev.txt $(STAMP)
	$(PIP) -r $<
	@rm -f .venv/.dev-* && touch $@

.venv/.lock/bin/uv: | .venv/bin/python
	@$(BIN)/python -m venv .venv/.lock && .venv/.lock/bin/python -m pip install --quiet --no-input uv

%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ --locale $(notdir $(patsubst %/LC_MESSAGES/messages.po,%,$<))
