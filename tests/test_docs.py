"""What the documents say is so: options, columns, commands, links, doctests."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
from pathlib import Path

import options_table
import pytest

from posepipe import manifest
from posepipe.__main__ import COMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("manifests/*.md")])


def test_the_page_of_options_is_up_to_date() -> None:
    assert options_table.DOCUMENT.read_text(encoding="utf-8") == options_table.document(), (
        "run python tests/helpers/options_table.py"
    )


def test_every_command_is_in_the_readme() -> None:
    for name in COMMANDS:
        assert f"posepipe {name}" in README or f"posepipe.{name}" in README, name


def test_the_two_commands_exist_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    first_screen = README[:3000]
    for target in ("demo", "test"):
        assert f"make {target}" in first_screen
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_manifests_columns_are_all_described() -> None:
    text = (ROOT / "manifests" / "README.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`([a-z0-9_]+)`", text))
    assert set(manifest.SCHEMA.names) <= described


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text) + re.findall(r'(?:src|href)="([^"#]+)"', text):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_documents_name_no_machine_paths() -> None:
    for path in DOCUMENTS:
        assert not re.search(r"/(work|root|tmp)/", path.read_text(encoding="utf-8")), path


def test_the_tests_named_in_the_table_of_faults_exist() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")))
    there = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) > 30
    assert [name for name in named if f"def {name}(" not in there] == []


def _with_examples() -> list[str]:
    """Modules whose docstrings hold examples; the package's own would start a run."""
    found = [*ROOT.glob("posepipe/**/*.py"), *ROOT.glob("training/**/*.py")]
    paths = [path for path in found if ">>> " in path.read_text(encoding="utf-8")]
    return sorted(".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths if path.stem != "__init__")


@pytest.mark.parametrize("name", _with_examples())
def test_docstring_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def _modules_with_code() -> set[str]:
    """Modules of posepipe, relative to it; of the ``__init__.py`` only those that hold more than a docstring."""
    found = set()
    for path in (ROOT / "posepipe").rglob("*.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        if path.name != "__init__.py" or len(body) > 1:
            found.add(path.relative_to(ROOT / "posepipe").as_posix())
    return found


def test_every_module_is_named_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`([\w/]+\.py)`", text.split("## Modules")[1].split("## Rules")[0]))
    assert _modules_with_code() - listed == set(), "give each new module a line in docs/architecture.md"


def test_every_path_named_in_the_architecture_exists() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/]+(?:\.py|\.html|\.css|/))`", text))
    tops = (ROOT, ROOT / "posepipe", ROOT / "posepipe" / "gallery")
    assert [name for name in sorted(named) if not any((top / name).exists() for top in tops)] == []


def test_the_levels_in_the_architecture_are_those_of_the_test() -> None:
    """The table of packages has each package once, on the level that tests/test_architecture.py enforces."""
    tree = ast.parse((ROOT / "tests" / "test_architecture.py").read_text(encoding="utf-8"))
    values = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
    levels = ast.literal_eval(values["LEVELS"])
    del levels["cluster"]  # loaded by Dask, imported by no module
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = {}
    for level, packages in re.findall(r"^\| (\d) \| ([^|]+) \|", text, re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", packages):
            shown[name.removeprefix("posepipe/").removesuffix(".py").rstrip("/")] = int(level)
    assert shown == levels
