# Two commands need nothing but Python 3.11, 3.12 or 3.13:
#   make report     a month's analyses of the sample company, as pages to open
#   make test       everything that is tested
# Both call `spm`, which needs no make: see README.md for Windows.

.PHONY: report lab test test-all notebooks lock setup
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode

report: setup
	@$(BIN)/spm report $(RUN)

lab: setup                # JupyterLab on the first notebook
	@$(BIN)/spm lab

test: setup
	@$(BIN)/spm test

test-all: setup
	@$(BIN)/spm test --all

notebooks: setup          # run the committed notebooks again, outputs included
	@$(BIN)/spm notebooks

lock: setup               # the newest versions that pyproject.toml allows
	@$(BIN)/uv pip compile pyproject.toml --extra test --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate --upgrade --quiet --output-file requirements.lock

setup: .venv/installed

# uv installs in a third of pip's time; where it cannot (a mirror known to pip only), pip does.
.venv/installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Setting up .venv with the exact versions of requirements.lock (once, about half a minute) ..."
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	@{ $(PIP) --requirement .venv/uv.lock && $(UV) --requirement requirements.lock; } 2> .venv/setup.log \
	  || $(PIP) --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q spmlib
	@$(BIN)/python -m spmlib.orchestrate.compiled & $(BIN)/python -m spmlib.incent.compiled && wait $$!
	@touch $@

$(BIN)/python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	    if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2> /dev/null; \
	    then exec $$python -m venv --clear .venv; fi; done; \
	 echo "No Python 3.11, 3.12 or 3.13 was found: install one, or say where: make PYTHON=/path/to/python" >&2; exit 1
