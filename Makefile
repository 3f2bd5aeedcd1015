# make demo    install what is needed, run the whole loop, leave demo-out/report.html
# make test    install what is needed, run the tests (ARGS="tests/gazecore -x" for some)
# make check   lint, format, types, import contracts
# make pictures   draw docs/pictures: the real station in memory, in every state, on synthetic images
# make test-tobii   the trackers' tests over Tobii's own Python layer, where a Python 3.10 is at hand
# The first run makes .venv and, on Debian and Ubuntu, installs the libraries of Qt.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
OUT ?= demo-out
ARGS ?=
export OMP_NUM_THREADS ?= 1
unexport PYTHONDONTWRITEBYTECODE # the tests start Python hundreds of times; compiled once, it starts sooner

.PHONY: install demo pictures test test-tobii check format clean

install:
	@$(PYTHON) scripts/set_up.py

demo: install
	$(BIN)/python main.py demo --out $(OUT) $(ARGS)

pictures: install
	$(BIN)/python -m scripts.draw_pictures

test: install
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

test-tobii:
	@$(PYTHON) scripts/test_tobii.py $(ARGS)

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy app gazecore training scripts tests main.py
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/lint-imports

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .venv310 demo-out build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
