# One environment, .venv, made from the locks in requirements/. Each stamp in it says what is installed.

VENV := .venv
PYTHON := $(VENV)/bin/python
UV := $(VENV)/bin/uv
INSTALL := $(UV) pip install --python $(PYTHON) --no-build-isolation
LOCKED := $(INSTALL) --require-hashes --compile-bytecode
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header $(if $(UPGRADE),--upgrade)
EXTRAS := airflow dev spark

# A plant's network may have a certificate authority of its own: the system knows it.
export UV_SYSTEM_CERTS ?= 1
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := help
.PHONY: help demo test spark lint lock clean

help: ## This list
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

demo: $(VENV)/.demo ## A reference mill of some weeks: every table, the report, a summary
	@$(VENV)/bin/coilmart demo

test: $(VENV)/.dev ## The tests; what needs a program that is missing is skipped with the reason (ARGS=... for pytest)
	@$(PYTHON) -m pytest $(ARGS)
	@# Where Apache Spark itself ends, every test after it fails: the first ones say why.
	@COILMART_SPARK='local[2]' $(PYTHON) -m pytest -m 'engines or spark' --maxfail=5 $(ARGS)

spark: $(VENV)/.demo ## What Apache Spark needs: a Java runtime, its Python packages, the Delta jars
	@$(PYTHON) -m jobs.java
	@$(MAKE) --silent $(VENV)/.spark
	@$(PYTHON) -m jobs.delta_jars

lint: $(VENV)/.dev ## Style, format and types
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy

lock: $(VENV)/.bootstrap ## Resolve the locks again (UPGRADE=1: to the newest versions)
	$(COMPILE) requirements/bootstrap.in --output-file requirements/bootstrap.txt
	$(COMPILE) pyproject.toml --all-extras --output-file requirements/all.txt
	$(COMPILE) --no-annotate --constraints requirements/all.txt pyproject.toml --output-file requirements/demo.txt
	for extra in $(EXTRAS); do $(COMPILE) --no-annotate --constraints requirements/all.txt pyproject.toml \
		--extra $$extra --output-file requirements/$$extra.txt || exit 1; done

clean: ## Remove the environment and what tools left behind; landing files, lake and reports stay
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.bootstrap: requirements/bootstrap.txt
	@python=$$(for name in python3.11 python3 python; do "$$name" -c \
		'import ensurepip, sys, venv; assert sys.version_info[:2] == (3, 11)' 2>/dev/null && echo "$$name" && break; done); \
	if [ -z "$$python" ]; then echo "coilmart needs Python 3.11 with its venv module, but none is on the path;" \
		"install it (Debian: python3.11-venv; macOS: brew install python@3.11) and run make again." >&2; exit 1; fi; \
	"$$python" -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

$(VENV)/.demo: $(VENV)/.bootstrap requirements/demo.txt pyproject.toml
	$(LOCKED) --requirements requirements/demo.txt
	$(INSTALL) --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.demo requirements/dev.txt requirements/airflow.txt
	$(LOCKED) --requirements requirements/dev.txt --requirements requirements/airflow.txt
	@touch $@

# pyspark and pyspark-client share a folder; pyspark comes last because it holds all of both.
$(VENV)/.spark: $(VENV)/.demo requirements/spark.txt
	$(LOCKED) --reinstall-package pyspark --requirements requirements/spark.txt
	@touch $@
