"""Flags as the gallery shows them: warnings, and the note that a pose is in the air."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

IN_THE_AIR: Final = "in the air"
HIGHEST: Final = 1.5
"""Metres; no jump lifts the lowest joint higher."""

_JUMPS: Final = re.compile(
    r"\b(?:(?:jump|leap|hopp|vault|hurdl|somersault|dunk|skip|trampolin|skydiv|levitat)\w*|hops?|"
    r"(?:back|front|side)[ -]?flip\w*|div(?:e|es|ing)|flying|airborne)\b",
    re.IGNORECASE,
)
"""Verbs only: "in the air" also stands in captions of raised hands."""


def in_the_air(row: Mapping[str, Any]) -> bool:
    """Whether a pose is off the floor because its caption says so.

    The row has the flag ``off_floor``, its caption has a word for a jump (such as jump, leap, hop, backflip), and
    its lowest joint is at most HIGHEST metres up. The flag in the manifest stays as it is.

    Parameters
    ----------
    row : mapping
        A manifest row; ``flags``, ``caption`` and ``lowest_y`` are used.
    """
    height = row["lowest_y"]
    if "off_floor" not in (row["flags"] or "").split(",") or height is None or height > HIGHEST:
        return False
    return _JUMPS.search(row["caption"] or "") is not None


def shown_flags(row: Mapping[str, Any]) -> tuple[str, str]:
    """Flags that are warnings, comma-separated, and the note ``in the air`` or nothing.

    >>> shown_flags({"flags": "off_floor,unsure", "caption": "A person jumping", "lowest_y": 0.4})
    ('unsure', 'in the air')
    >>> shown_flags({"flags": "off_floor", "caption": "A person sitting", "lowest_y": 0.4})
    ('off_floor', '')
    """
    if not in_the_air(row):
        return row["flags"] or "", ""
    return ",".join(flag for flag in row["flags"].split(",") if flag != "off_floor"), IN_THE_AIR
