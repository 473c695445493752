"""Print the lowest versions that pyproject.toml allows, one requirement a line, for ``make test-lowest``.

    python lowest.py [EXTRA ...]

torch is left out: constraints.txt pins the one version that is installed without CUDA here.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
LEFT_OUT = {"torch"}


def lowest(*extras: str) -> list[str]:
    """Requirements such as ``numpy==1.26`` from the ranges ``numpy>=1.26`` of the package and of some extras."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    ranges = [*project["dependencies"], *(r for extra in extras for r in project["optional-dependencies"][extra])]
    pins = []
    for text in ranges:
        found = re.fullmatch(r"([A-Za-z0-9._-]+)(\[[a-z0-9,]+\])?>=([0-9.]+)(,<[0-9.]+)?", text)
        if found is None:
            raise ValueError(f"pyproject.toml: {text!r} names no lowest version")
        if found[1] not in LEFT_OUT:
            pins.append(f"{found[1]}{found[2] or ''}=={found[3]}")
    return pins


if __name__ == "__main__":
    print("\n".join(lowest(*sys.argv[1:])))
