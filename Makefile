# The ways into Muster. `make` alone lists them.

SHELL := /bin/sh
BIN := .venv/bin
TESTS ?=
FAULTS ?=
OUTSIDE = --ignore=tests/browser -n auto --dist worksteal
INSIDE = tests/browser -n auto --dist loadfile --no-loadscope-reorder --reruns 2 --rerun-show-tracebacks -r fER
# The first start compiles what it uses; without this a machine that forbids it would compile at every start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-all prove check bench lock schema clean environment development

help:
	@echo "make demo    run Muster here with its scenarios: prints the address and who may sign in"
	@echo "make test    every test but the longest, and a short round in a browser  (TESTS=tests/operations for a part)"
	@echo "make test-all   the rest: everything on the other storage, every case, every journey  (after make test)"
	@echo "make prove   faults: servers killed, power cut, a disk full, a database gone, clocks wrong, every door flooded  (FAULTS=200)"
	@echo "make check   what a machine can judge: lint, format, types, who imports whom, spelling  (ADVISORIES=FILE of OSV)"
	@echo "make bench   the measurements of docs/figures.md, on this machine"
	@echo "make lock    write the lock files anew after a change of dependencies    (UPGRADE=1 for newer versions)"
	@echo "make schema  write the SQL of the next version of the schema from the models"
	@echo "make clean   remove everything that set-up made"

demo: environment
	@$(BIN)/muster demo

test: development
	@tools/get_test_services.sh
ifeq ($(TESTS),)
	$(BIN)/python -m pytest -m "not rest" $(OUTSIDE)
	$(BIN)/python -m pytest -m "not rest" $(INSIDE)
else
	$(BIN)/python -m pytest $(TESTS)
endif

test-all: development
	@tools/get_test_services.sh
	$(BIN)/python -m pytest --rest $(OUTSIDE)
	$(BIN)/python -m pytest --rest $(INSIDE)

prove: development
	@tools/get_test_services.sh
	TMPDIR=$${TMPDIR:-/tmp} MUSTER_PROVE_FAULTS=$(FAULTS) \
		$(BIN)/python -m pytest $(or $(TESTS),tests/prove) --capture=no --timeout=900

check: development
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/python tools/parts.py --check
ifneq ($(ADVISORIES),)
	$(BIN)/python tools/advisories.py $(ADVISORIES)
endif

bench: development
	@tools/get_test_services.sh
	TMPDIR=$${TMPDIR:-/tmp} MUSTER_TEST_STORAGES=$${MUSTER_TEST_STORAGES:-sqlite,postgres} \
		$(BIN)/python -m pytest $(or $(TESTS),tests/bench) --capture=no --timeout=3600

lock:
	@tools/lock.sh $(if $(UPGRADE),--upgrade)
	@echo "Now, once they are installed: $(BIN)/python tools/parts.py"

schema: development
	@$(BIN)/python tools/schema.py

clean:
	rm -rf .venv node_modules dashboard/assets/vendor muster.egg-info build dist
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

environment:
	@tools/set_up.sh runtime

development:
	@tools/set_up.sh dev
