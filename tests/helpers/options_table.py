"""The table of ``run``'s options as the README has it; run this file to write it anew."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from posepipe.config import RunConfig

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- options of run: written by tests/helpers/options_table.py -->\n", "<!-- end of options -->"


def table() -> str:
    lines = ["| option | means | default |", "|---|---|---|"]
    for option in fields(RunConfig):
        meta = option.metadata
        flag = "--" + ("no-" if meta.get("flag") is False else "") + option.name.replace("_", "-")
        names = " ".join(f"`{name}`" for name in (flag, *meta.get("aliases", ())))
        if "choices" in meta:
            names += " " + " ".join(f"`{choice}`" for choice in meta["choices"])
        plain = option.default in (None, "") or "flag" in meta
        default = "" if plain else f"{option.default:g}" if isinstance(option.default, float) else str(option.default)
        lines.append(f"| {names} | {meta['help']} | {default} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    README.write_text(head + BEGIN + table() + END + rest.split(END)[1], encoding="utf-8")
