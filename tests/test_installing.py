"""Ways to install and to run: extras, the Makefile, the container, systems other than Linux."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import pytest
from lowest import lowest
from runs import artifacts, command, environment, write_captions

import posepipe

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
NOT_ON_MACOS = {
    "copy_file_range",
    "eventfd",
    "fdatasync",
    "getrandom",
    "memfd_create",
    "pidfd_open",
    "posix_fadvise",
    "posix_fallocate",
    "sched_getaffinity",
    "sched_setaffinity",
    "splice",
    "O_DIRECT",
    "O_PATH",
    "O_TMPFILE",
}
"""Names of ``os`` that Python has on Linux and not on macOS."""


def test_a_run_with_the_bundled_model(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving", "A person kneeling"])
    arguments = command("run", "c.txt", "--workers", "1", "--gpus", "none", "--dashboard-address", "127.0.0.1:0")
    done = subprocess.run(arguments, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(artifacts(tmp_path / "SinglePose")) == 6
    assert posepipe.open_poses(tmp_path / "SinglePose").joints().shape == (2, 22, 3)


# Requirements


def test_every_requirement_names_a_lowest_version() -> None:
    pins = lowest()
    assert len(pins) == len(PROJECT["dependencies"]) - 1  # torch is left out
    assert "pandas==2.2" in pins


def test_the_two_cuda_extras_differ_in_nothing_but_cuda() -> None:
    (newer,), (older,) = EXTRAS["cuda"], EXTRAS["cuda12"]
    assert newer.replace("cu13", "cu12") == older != newer


def test_the_guide_names_every_extra_and_the_sizes() -> None:
    for extra in set(EXTRAS) - {"dev", "train"}:
        assert f"`{extra}`" in GUIDE, extra
    assert re.search(r"\d\.\d GB", GUIDE)


def test_no_package_index_is_named() -> None:
    """Indexes move and differ from place to place; the pages of the projects tell which one to use."""
    known = {"docs.astral.sh", "distributed.dask.org", "pytorch.org", "learn.microsoft.com"}
    names = ["docs/installing.md", "docs/gpu.md", "docs/clusters.md", "constraints.txt", "Makefile", "Dockerfile"]
    for name in names:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert set(re.findall(r"https?://([^/)\s]+)", text)) <= known, name
        assert "index-url" not in text, name


# The Makefile


def _makefile() -> dict[str, tuple[list[str], str]]:
    """Targets of the Makefile: what they depend on, and their recipes."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = re.findall(r"^([^\s#:=]+): *([^=\n]*)\n((?:\t.*\n?)*)", text, re.MULTILINE)
    return {target: (needs.split(), recipe) for target, needs, recipe in rules}


def test_the_demo_installs_nothing_for_developers() -> None:
    rules = _makefile()
    assert rules["demo"][0] == ["$(INSTALLED)"]
    needs, recipe = rules["$(INSTALLED)"]
    assert "--editable ." in recipe
    assert "dev" not in recipe + " ".join(needs)
    assert rules["test"][0] == rules["check"][0] == ["$(INSTALLED_DEV)"]
    assert "'.[dev]'" in rules["$(INSTALLED_DEV)"][1]


def test_ci_runs_every_kind_of_test() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for target in ("check", "test-cuda", "test-lowest"):
        assert f"make {target}" in script
        assert target in _makefile()


# The container


def _copied() -> list[tuple[list[str], str]]:
    """Sources and destination of each COPY in the Dockerfile."""
    found = [line.split()[1:] for line in DOCKERFILE.splitlines() if line.startswith("COPY ")]
    return [(parts[:-1], parts[-1]) for parts in found]


def test_the_image_is_built_from_what_is_copied(tmp_path: Path) -> None:
    """The package is built from the files that the Dockerfile copies, and from nothing else."""
    allowed = [
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"
    ]
    source = tmp_path / "source"
    source.mkdir()
    for names, destination in _copied():
        assert destination.startswith("/source/")
        for name in names:
            assert any(fnmatch(name, pattern) for pattern in allowed), f".dockerignore keeps {name} out"
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, source / name)
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", ".", "./source"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.startswith("posepipe/models/weights/") for name in names)
    assert any(name.startswith("posepipe/demo/") for name in names)
    assert not [name for name in names if name.startswith(("training", "tests"))]


def test_the_image_installs_extras_that_exist_and_starts_the_command() -> None:
    (extras,) = re.findall(r"/source\[([a-z0-9,]+)\]", DOCKERFILE)
    assert set(extras.split(",")) <= set(EXTRAS)
    assert re.search(r"^FROM nvidia/cuda:13\.", DOCKERFILE, re.MULTILINE)
    assert 'ENTRYPOINT ["posepipe"]' in DOCKERFILE
    assert PROJECT["scripts"]["posepipe"]


# Systems other than Linux


def _guarded(tree: ast.Module) -> set[str]:
    """Names that a module asks for before it uses them: ``hasattr(os, NAME)``."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return {
        str(call.args[1].value)
        for call in calls
        if call.func.id == "hasattr" and isinstance(call.args[1], ast.Constant)  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize("path", sorted((ROOT / "posepipe").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_call_that_macos_lacks_is_unguarded(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os"
    }
    assert used & NOT_ON_MACOS <= _guarded(tree)


def test_a_run_without_what_macos_lacks(tmp_path: Path) -> None:
    """Driver and workers on a Python that has none of these names."""
    site = tmp_path / "site"
    site.mkdir()
    lines = [f"import os\nfor name in {sorted(NOT_ON_MACOS)}:\n    vars(os).pop(name, None)\n"]
    (site / "sitecustomize.py").write_text("".join(lines))
    write_captions(tmp_path / "c.txt", [f"A person number {number}" for number in range(8)])
    path = os.pathsep.join([str(site), environment()["PYTHONPATH"]])
    options = ("--model", "fake_model:factory", "--gpus", "none", "--dashboard-address", "127.0.0.1:0")
    for arguments in (("run", "c.txt", *options), ("verify",), ("gallery",)):
        done = subprocess.run(
            command(*arguments), cwd=tmp_path, env=environment() | {"PYTHONPATH": path}, capture_output=True, text=True
        )
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
