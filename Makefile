# make demo: a virtual environment, the package, and poses from the bundled captions. make test: the tests.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: demo test check torture mutants bench notebook clean

demo: $(INSTALLED)
	$(BIN)/python -m posepipe.run posepipe/demo/captions.txt --final-dir demo/SinglePose \
		--manifest demo/manifest --log-dir demo/logs
	@echo "pictures: demo/SinglePose/*.png"

test: $(INSTALLED)
	$(BIN)/python -m pytest

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

torture: $(INSTALLED)
	$(BIN)/python tests/torture.py

mutants: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt cosmic-ray
	$(BIN)/python tests/mutants.py storage manifest artifacts control --count 55

bench: $(INSTALLED)
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv demo build *.egg-info
