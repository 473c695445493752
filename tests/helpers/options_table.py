"""The tables of ``run``'s options in docs/options.md; run this file to write the document again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from posepipe.commandline import default_of, flag_of
from posepipe.config import GROUPS, RunConfig
from posepipe.run import old_options

DOCUMENT = Path(__file__).parents[2] / "docs" / "options.md"
HEAD = """# Options of `posepipe run`

`posepipe run --help` shows the same on a terminal. Long options take `-` and `_` alike, `~` is expanded in paths, and
named values may be typed in upper or lower case. From Python, `posepipe.RunConfig(...)` takes the same options with
`_`, and lists where the command line takes commas.

<!-- Written by tests/helpers/options_table.py from posepipe/config.py; do not edit. -->
"""


def document() -> str:
    """The whole of docs/options.md."""
    parts = [HEAD]
    for group, description in GROUPS.items():
        rows = [_row(option) for option in fields(RunConfig) if option.metadata["group"] == group]
        parts.append(_section(group.capitalize(), description, ("option", "meaning", "default"), rows))
    old = [(_code([option.flag]), option.text) for option in old_options.OPTIONS]
    parts.append(_section(old_options.GROUP, old_options.DESCRIPTION, ("option", "meaning"), old))
    return "\n".join(parts)


def _section(title: str, description: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"## {title}\n", f"{description[0].upper()}{description[1:]}.\n"]
    lines += [_line(columns), _line(["---"] * len(columns))]
    lines += [_line(row) for row in rows]
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _row(option: Field[Any]) -> tuple[str, str, str]:
    meta = option.metadata
    names = _code([flag_of(option), *meta.get("aliases", ())])
    values = _code(meta["kind"].names)
    return f"{names} {values}".strip(), meta["help"].replace("<", "&lt;"), default_of(option).replace("<", "&lt;")


def _code(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
