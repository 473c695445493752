"""Measure whether the tests notice faults: change the package at random places, one at a time, and run its tests.

``python tests/mutants.py storage run/plan --count 40 --seed 1`` draws 40 mutants of cosmic-ray over a package and a
module. First a place in the code is drawn, then one of the mutations that are possible there. Each mutant of a package
runs ``tests/<package>/test_<module>.py`` and, if that passes, the other tests of the package; a mutant of a module that
was named runs its test file only. Tests that start whole runs are left out, and so are mutants that change only
annotations or docstrings. The mutants are made in a temporary copy. Needs ``pip install cosmic-ray``.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import difflib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

try:
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names
except ImportError:
    sys.exit("tests/mutants.py needs cosmic-ray: pip install cosmic-ray")

ROOT = Path(__file__).parent.parent
NEED_ARGUMENTS = ("VariableReplacer", "VariableInserter")
Place = tuple[Path, tuple[int, int]]
Mutation = tuple[str, int]


def main() -> None:
    """Draw, run, and print one line per mutant and a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("targets", nargs="+", help="packages and modules in posepipe/: storage, run/plan, errors")
    parser.add_argument("--count", type=int, default=40, help="number of mutants (default: 40)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw (default: 0)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("posepipe", "tests", "pyproject.toml"):
            copy_into(copy, name)
        killed, drawn = measure(copy, options.targets, options.count, random.Random(options.seed))
    print(f"\n{'target':<12}{'killed':>8}{'of':>6}")
    for name in options.targets:
        print(f"{name:<12}{killed[name]:>8}{drawn[name]:>6}")
    print(f"{'all':<12}{killed.total():>8}{drawn.total():>6}")


def measure(copy: Path, targets: Sequence[str], count: int, draw: random.Random) -> tuple[Counter[str], Counter[str]]:
    """Draw mutants and run the tests for each; gives the numbers of killed and of all mutants by target."""
    places = {target: places_of(copy, target) for target in targets}
    every = [(target, place) for target, found in places.items() for place in found]
    limits = {target: time_limit(copy, target) for target in targets}
    killed, drawn = Counter[str](), Counter[str]()
    for target, (path, position) in draw.sample(every, len(every)):
        if drawn.total() == count:
            break
        operator, occurrence = draw.choice(places[target][path, position])
        source = path.read_text(encoding="utf-8")
        mutant = mutated(source, operator, occurrence)
        if mutant is None:
            continue
        path.write_text(mutant, encoding="utf-8")
        noticed = is_killed(copy, target, path.stem, limits[target])
        path.write_text(source, encoding="utf-8")
        drawn[target] += 1
        killed[target] += noticed
        print("killed" if noticed else "SURVIVED", f"{path.relative_to(copy)}:{position[0]}", operator, flush=True)
        if not noticed:
            print(*changed_lines(source, mutant), sep="\n", flush=True)
    return killed, drawn


def places_of(copy: Path, target: str) -> dict[Place, list[Mutation]]:
    """Places in a target that can be changed, and the mutations at each: operator and its occurrence in the file."""
    found: dict[Place, list[Mutation]] = {}
    folder = copy / "posepipe" / target
    for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]:
        nodes = list(ast_nodes(get_ast(path.read_text(encoding="utf-8"))))
        for name in operator_names():
            if name.endswith(NEED_ARGUMENTS):
                continue
            operator = get_operator(name)()
            starts = (start for node in nodes for start, _ in operator.mutation_positions(node))
            for occurrence, start in enumerate(starts):
                found.setdefault((path, start), []).append((name, occurrence))
    return found


def mutated(source: str, operator: str, occurrence: int) -> str | None:
    """The mutant; None where it means the same, is not Python, or cosmic-ray cannot make it (``except a.b``)."""
    try:
        mutant: str = mutate_code(source, get_operator(operator)(), occurrence)
        return mutant if meaning(mutant) != meaning(source) else None
    except (AttributeError, SyntaxError):
        return None


def meaning(source: str) -> str:
    """The syntax tree without what has no effect at run time: docstrings, annotations."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        for body in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
            if isinstance(body, list):
                body[:] = [part for part in body if not _is_text(part)]
    return ast.dump(tree)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def copy_into(folder: Path, name: str) -> None:
    """Copy a file or folder of the repository, without bytecode."""
    if (ROOT / name).is_dir():
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(ROOT / name, folder / name)


def time_limit(copy: Path, target: str) -> float:
    """Seconds after which a mutant counts as killed: three times what the tests take now, and half a minute."""
    start = time.monotonic()
    if not passes(copy, test_files(copy, target), None):
        sys.exit(f"the tests of {target} fail without a mutant")
    return 3 * (time.monotonic() - start) + 30


def is_killed(copy: Path, target: str, module: str, limit: float) -> bool:
    """Whether a test of the module, or else of the package, fails."""
    files = test_files(copy, target)
    own = [path for path in files if path.stem == f"test_{module}"]
    others = [path for path in files if path not in own]
    return any(not passes(copy, part, limit) for part in (own, others) if part)


def test_files(copy: Path, target: str) -> list[Path]:
    """Test files of a target, without those that start runs: a run imports the package that is installed."""
    folder = copy / "tests" / target
    found = sorted(folder.rglob("test_*.py")) if folder.is_dir() else [folder.with_name(f"test_{folder.name}.py")]
    return [path for path in found if "from runs import" not in path.read_text(encoding="utf-8")]


def passes(copy: Path, files: list[Path], limit: float | None) -> bool:
    """Whether pytest passes in time."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *map(str, files)]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        command, cwd=copy, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        code = process.wait(limit)
    except subprocess.TimeoutExpired:
        return False
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if code == 4:
        sys.exit(f"pytest cannot be used: {' '.join(command)}")
    return code == 0


def changed_lines(source: str, mutant: str) -> Iterator[str]:
    """The lines that a mutant changes, as in a diff."""
    lines = difflib.unified_diff(source.splitlines(), mutant.splitlines(), lineterm="", n=0)
    return (f"    {line}" for line in lines if not line.startswith(("---", "+++", "@@")))


if __name__ == "__main__":
    main()
