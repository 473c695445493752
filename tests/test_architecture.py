"""The structure of the package: imports go down a level, no package has an import cycle, light imports stay light.

``docs/architecture.md`` shows the same table.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "posepipe"

LEVELS = {
    "cluster": 9,
    "__init__": 8,
    "watch": 7,
    "run": 6,
    "workers": 5,
    "verify": 5,
    "gallery": 5,
    "artifacts": 4,
    "models": 3,
    "manifest": 3,
    "control": 3,
    "config": 3,
    "captions": 2,
    "storage": 2,
    "picture": 2,
    "commandline": 2,
    "__main__": 2,
    "errors": 1,
    "wording": 1,
    "skeleton": 1,
    "parallel": 1,
    "_version": 1,
}
SAME_LEVEL = {
    ("models", "config"),
    ("manifest", "config"),
    ("control", "config"),
    ("errors", "_version"),
    ("errors", "wording"),
    ("__main__", "commandline"),
}
LAZY_API = "__init__"


def _modules() -> dict[str, Path]:
    """Dotted names below ``posepipe`` and their files; a package is named like its folder."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
        found[name] = path
    return found


MODULES = _modules()


def _imports(path: Path) -> set[str]:
    """Modules of posepipe that a file imports anywhere, for type checking too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                below = f"{node.module}.{alias.name}".removeprefix("posepipe.")
                found.add(f"posepipe.{below}" if below in MODULES else node.module)
    return {name.removeprefix("posepipe.") for name in found if name.split(".")[0] == "posepipe" and name != "posepipe"}


def _package(module: str) -> str:
    return module.split(".")[0]


def test_every_module_has_a_level() -> None:
    assert {_package(name) for name in MODULES} <= set(LEVELS), "give the new package a level here and in the docs"


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down_a_level(module: str) -> None:
    here = _package(module)
    for other in {_package(name) for name in _imports(MODULES[module])} - {here}:
        down = LEVELS[other] < LEVELS[here]
        assert down or (here, other) in SAME_LEVEL, f"{module} imports {other}, which is not on a lower level"


@pytest.mark.parametrize("package", sorted({_package(name) for name in MODULES}))
def test_no_cycle_within_a_package(package: str) -> None:
    graph: defaultdict[str, set[str]] = defaultdict(set)
    for name, path in MODULES.items():
        if _package(name) == package:
            graph[name] |= {other for other in _imports(path) if _package(other) == package and other != name}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"import cycle: {' -> '.join(error.args[1])}")


def test_few_names_lie_directly_in_the_package() -> None:
    names = {path.name for path in PACKAGE.iterdir() if path.name != "__pycache__"}
    assert len(names - {"__init__.py", "__main__.py", "_version.py", "cluster.py"}) <= 20, sorted(names)


def test_nothing_imports_the_training() -> None:
    for path in MODULES.values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] == "training"], path


def _code_files() -> list[Path]:
    return [*PACKAGE.rglob("*.py"), *(ROOT / "training").rglob("*.py")]


def test_files_and_functions_are_short() -> None:
    """At most 450 lines a file, tables of poses aside, and 60 lines a function."""
    for path in _code_files():
        text = path.read_text(encoding="utf-8")
        if path.parent.name != "poses":
            assert text.count("\n") <= 450, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 60, f"{path}: {node.name} has {length} lines"


def test_only_commands_print() -> None:
    may = {"__main__", "commands", "progress", "download_report"}
    for name, path in MODULES.items():
        if name.split(".")[-1] in may or _package(name) in ("watch", "commandline"):
            continue
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"], path


def test_no_environment_variables_of_our_own() -> None:
    for path in MODULES.values():
        assert "POSEPIPE_" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize(
    "code",
    [
        "import posepipe",
        "import posepipe; posepipe.RunConfig",
        "import sys; from posepipe.run.__main__ import main\ntry: main(['--help'])\nexcept SystemExit: pass",
    ],
)
def test_light_imports(code: str) -> None:
    heavy = ("torch", "dask", "distributed", "matplotlib", "pandas", "pyarrow", "numpy")
    code += f"\nimport sys\nfound = [m for m in {heavy!r} if m in sys.modules]\nassert not found, found"
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


MIRRORED = ("storage", "manifest", "artifacts", "control", "errors", "parallel", "skeleton")
"""Packages and modules whose tests mirror them."""


@pytest.mark.parametrize("module", [name for name in MODULES if _package(name) in MIRRORED])
def test_every_module_has_its_test_file(module: str) -> None:
    if MODULES[module].name != "__init__.py":
        *folders, name = module.split(".")
        assert (ROOT / "tests").joinpath(*folders, f"test_{name}.py").exists()


def test_no_test_module_imports_another() -> None:
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[-1].startswith("test_")], path
