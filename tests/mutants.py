"""Measure whether the tests notice faults: change the package at random places, one at a time, and run its tests.

``python tests/mutants.py storage manifest --count 40 --seed 1`` draws 40 mutants of cosmic-ray over two packages. For
each it runs ``tests/<package>/test_<module>.py`` and, if that passes, the other tests of the package. Tests that start
whole runs are left out. Mutants that change only annotations or docstrings are not drawn.
Needs ``pip install cosmic-ray``. The working tree is not touched: mutants are made in a temporary copy.
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
from collections.abc import Iterator
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
    parser.add_argument("packages", nargs="+", help="folders in posepipe/")
    parser.add_argument("--count", type=int, default=40, help="number of mutants (default: 40)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw (default: 0)")
    options = parser.parse_args()
    places = {place: found for name in options.packages for place, found in places_of(name).items()}
    draw = random.Random(options.seed)
    order = draw.sample(list(places), len(places))
    killed, drawn = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("posepipe", "tests", "pyproject.toml"):
            copy_into(copy, name)
        limits = {name: time_limit(copy, name) for name in options.packages}
        for path, position in order:
            if drawn.total() == options.count:
                break
            operator, occurrence = draw.choice(places[path, position])
            source = path.read_text(encoding="utf-8")
            mutant = mutated(source, operator, occurrence)
            if mutant is None:
                continue
            package = path.relative_to(ROOT / "posepipe").parts[0]
            target = copy / path.relative_to(ROOT)
            target.write_text(mutant, encoding="utf-8")
            noticed = is_killed(copy, package, path.stem, limits[package])
            target.write_text(source, encoding="utf-8")
            drawn[package] += 1
            killed[package] += noticed
            print(
                f"{'killed' if noticed else 'SURVIVED'} {path.relative_to(ROOT)}:{position[0]} {operator}", flush=True
            )
            if not noticed:
                print(*changed_lines(source, mutant), sep="\n", flush=True)
    print(f"\n{'package':<12}{'killed':>8}{'of':>6}")
    for name in options.packages:
        print(f"{name:<12}{killed[name]:>8}{drawn[name]:>6}")
    print(f"{'all':<12}{killed.total():>8}{drawn.total():>6}")


def places_of(package: str) -> dict[Place, list[Mutation]]:
    """Places in a package that can be changed, and the mutations at each: operator and its occurrence in the file."""
    found: dict[Place, list[Mutation]] = {}
    for path in sorted((ROOT / "posepipe" / package).rglob("*.py")):
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


def time_limit(copy: Path, package: str) -> float:
    """Seconds after which a mutant counts as killed: three times what the tests take now, and half a minute."""
    start = time.monotonic()
    if not passes(copy, test_files(copy, package), None):
        sys.exit(f"tests/{package} fail without a mutant")
    return 3 * (time.monotonic() - start) + 30


def is_killed(copy: Path, package: str, module: str, limit: float) -> bool:
    """Whether a test of the module, or else of the package, fails."""
    files = test_files(copy, package)
    own = [path for path in files if path.stem == f"test_{module}"]
    others = [path for path in files if path not in own]
    return any(not passes(copy, part, limit) for part in (own, others) if part)


def test_files(copy: Path, package: str) -> list[Path]:
    """Test files of a package, without those that start runs: a run imports the package that is installed."""
    found = sorted((copy / "tests" / package).rglob("test_*.py"))
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
