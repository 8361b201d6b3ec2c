# The commands of a clone. They need python3.11+ with venv, make and git; everything else is installed
# into .venv/ and node_modules/. Each step leaves a stamp, so a second run starts at once.

HOST ?= 127.0.0.1
PORT ?= 8000
V := .venv
BIN := $(V)/bin
PYTHON := $(BIN)/python
FIND_PYTHON := for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done
PY ?= $(shell $(FIND_PYTHON))

ASSET_SOURCES := $(shell find static -path static/build -prune -o -type f -print 2>/dev/null)
CATALOGUES := $(shell find translations -name '*.po' 2>/dev/null)
COMPILED := $(CATALOGUES:.po=.mo)

.PHONY: run test check bench trust assets lock
.DELETE_ON_ERROR:

run: export POLICYFORUM_BASE_URL ?= http://$(HOST):$(PORT)
run: $(V)/.main static/build/manifest.json $(COMPILED)
	$(BIN)/policyforum db upgrade
	$(BIN)/policyforum demo --if-empty
	@echo "policyforum is at $$POLICYFORUM_BASE_URL  (stop it with Ctrl-C)"
	exec $(BIN)/policyforum serve --host $(HOST) --port $(PORT)

test: $(V)/.dev static/build/manifest.json $(COMPILED)
	$(PYTHON) -m pytest -n 2 $(ARGS)

check: $(V)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(PYTHON) tools/translations.py check

# Figures beside their yardsticks; `make bench ARGS="reading --quick"`.
bench: $(V)/.dev static/build/manifest.json $(COMPILED)
	$(PYTHON) -m benchmarks $(ARGS)

# Faults, attacks and tampering in full; `make trust ARGS="F1 F15 --short"`.
trust: $(V)/.dev static/build/manifest.json $(COMPILED)
	$(PYTHON) -m trials $(ARGS)

$(PYTHON):
	@test -n "$(PY)" || { echo "Python 3.11 or newer with venv is needed (Debian: apt install python3-venv)"; exit 1; }
	$(PY) -m venv $(V)

$(V)/.main: requirements/main.txt requirements/uv.txt pyproject.toml tools/install.py | $(PYTHON)
	$(PYTHON) tools/install.py requirements/main.txt
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index --editable .
	@touch $@

$(V)/.dev: requirements/dev.txt $(V)/.main
	$(PYTHON) tools/install.py requirements/dev.txt
	@touch $@

static/build/manifest.json: package-lock.json tools/assets.py tools/assets.mjs tools/fonts.mjs requirements/assets.txt $(ASSET_SOURCES) | $(V)/.main
	$(PYTHON) tools/assets.py

assets: static/build/manifest.json $(COMPILED)

%.mo: %.po | $(V)/.main
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# Only for those who change requirements/*.in or the dependencies in pyproject.toml.
LOCK := $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate $(UPGRADE)
lock: | $(V)/.main
	cd requirements && export UV_PYTHON_DOWNLOADS=never; for step in "../pyproject.toml main.in -o main.txt" \
		"scale.in -o scale.txt" "dev.in -o dev.txt" "assets.in -o assets.txt" "uv.in -o uv.txt"; do \
		$(CURDIR)/$(LOCK) $$step || exit 1; done
