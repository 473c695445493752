"""The house: imports go downward only, and light imports stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "posepipe"

FLOORS = {
    "_version": 0,
    "errors": 0,
    "skeleton": 0,
    "deadline": 0,
    "logs": 0,
    "ids": 0,
    "config": 1,
    "naming": 1,
    "names": 1.2,
    "markdown": 1,
    "forms": 1.2,
    "captions": 1.5,
    "soundness": 1.8,
    "manifest": 1,
    "known": 1.2,
    "remote": 0.5,
    "lease": 0.8,
    "shards": 1,
    "store": 1.1,
    "picture": 1,
    "models": 1,
    "plan": 2,
    "artifacts": 2,
    "stages": 3,
    "summary": 3,
    "adoption": 4,
    "repairs": 5,
    "worker": 3.5,
    "cluster": 4,
    "control": 4,
    "pipeline": 5,
    "poses": 5,
    "job": 5.5,
    "progress": 6,
    "commandline": 6,
    "run": 7,
    "watch": 7,
    "verify": 7,
    "gallery": 7,
    "models.__main__": 7,
    "pause": 7,
    "resume": 7,
    "stop": 7,
    "__main__": 8,
}


def _room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    if parts[:2] == ("models", "__main__"):
        return "models.__main__"
    return parts[0]


def _imported(path: Path) -> set[str]:
    """Rooms that a file imports, anywhere in it; type-checking imports count too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "posepipe":
            rest = node.module.split(".")[1:]
            names |= {rest[0]} if rest else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("posepipe.")}
    return names - {"__version__"}


def _files() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if p.name != "__init__.py" or p.parent != PACKAGE)


def test_every_file_has_a_room() -> None:
    unknown = {_room(path) for path in _files()} - set(FLOORS) - {"training"}
    assert not unknown, f"give these rooms a floor: {unknown}"


@pytest.mark.parametrize("path", _files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_downward(path: Path) -> None:
    room = _room(path)
    if room == "training":
        return
    for other in _imported(path):
        assert other != "training", f"{path.name} imports posepipe.training"
        if other != room.split(".")[0]:
            assert FLOORS[other] < FLOORS[room] or room == "__main__", f"{room} imports {other}, which is not below it"


def test_only_commands_print() -> None:
    for path in _files():
        if FLOORS.get(_room(path), 9) < 6:
            calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
            assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"], path


def test_no_environment_variables_of_our_own() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert "POSEPIPE_" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize(
    "code",
    [
        "import posepipe",
        "import posepipe; posepipe.RunConfig",
        "import sys; from posepipe.run import main\ntry: main(['--help'])\nexcept SystemExit: pass",
    ],
)
def test_light_imports(code: str) -> None:
    heavy = ("torch", "dask", "distributed", "matplotlib", "pandas", "pyarrow", "numpy")
    code += f"\nimport sys\nfound = [m for m in {heavy!r} if m in sys.modules]\nassert not found, found"
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
