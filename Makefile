# make demo: a virtual environment, the package, and poses from the bundled captions. make test: the tests.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev
INSTALLED_CUDA := .venv-cuda/.installed
INSTALLED_LOWEST := .venv-lowest/.installed
IN_PARALLEL := -n auto --maxprocesses 4 --dist loadfile
PIP_INSTALL := -m pip install --quiet --constraint constraints.txt

.PHONY: demo test check test-cuda test-lowest attack torture mutants bench notebook clean

demo: $(INSTALLED)
	$(BIN)/python -m posepipe.run posepipe/demo/captions.txt --final-dir demo/SinglePose \
		--manifest demo/manifest --log-dir demo/logs
	@echo "pictures: demo/SinglePose/*.png"

test: $(INSTALLED_DEV)
	$(BIN)/python -m pytest $(IN_PARALLEL)

check: $(INSTALLED_DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest $(IN_PARALLEL)

# The real dask-cuda on GPUs that a stub of NVML reports; needs a C compiler and no GPU.
test-cuda: $(INSTALLED_CUDA)
	.venv-cuda/bin/python -m pytest -o addopts="-ra --strict-markers --import-mode=importlib" tests/cuda

# The lowest versions that pyproject.toml allows, except torch: see docs/installing.md.
test-lowest: $(INSTALLED_LOWEST)
	.venv-lowest/bin/python -m pytest -o addopts="-ra --strict-markers --import-mode=importlib" \
		tests/artifacts tests/manifest tests/picture tests/workers tests/watch tests/models/mardm/test_checkpoint.py \
		tests/run/test_cluster.py tests/run/test_certificates.py \
		tests/test_installing.py::test_a_run_with_the_bundled_model

# Tries to lose, overwrite or leak something, in about 40 ways; prints a table.
attack: $(INSTALLED_DEV)
	$(BIN)/python tests/helpers/attack.py

torture: $(INSTALLED_DEV)
	PYTHONPATH=tests/helpers $(BIN)/python tests/torture.py

mutants: $(INSTALLED_DEV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt cosmic-ray
	$(BIN)/python tests/mutants.py storage manifest artifacts control --count 55
	$(BIN)/python tests/mutants.py captions run/plan run/work run/suspects --count 35
	$(BIN)/python tests/mutants.py workers/infer workers/publish workers/rows workers/contract workers/deadline --count 20

bench: $(INSTALLED_DEV)
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python $(PIP_INSTALL) --editable .
	touch $@

$(INSTALLED_DEV): $(INSTALLED)
	$(BIN)/python $(PIP_INSTALL) --editable '.[dev]'
	touch $@

$(INSTALLED_CUDA): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-cuda
	.venv-cuda/bin/python $(PIP_INSTALL) --editable '.[cuda]' 'pytest>=8'
	touch $@

$(INSTALLED_LOWEST): pyproject.toml constraints.txt tests/helpers/lowest.py
	$(PYTHON) -m venv .venv-lowest
	$(PYTHON) tests/helpers/lowest.py >.venv-lowest/requirements.txt
	.venv-lowest/bin/python $(PIP_INSTALL) --editable . 'pytest>=8' 'hypothesis>=6.100' 'polars>=1.30' 'duckdb>=1' \
		--requirement .venv-lowest/requirements.txt
	touch $@

clean:
	rm -rf .venv .venv-cuda .venv-lowest demo build *.egg-info
