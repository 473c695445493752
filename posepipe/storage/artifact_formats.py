"""The formats of artifacts in one table: name, file suffix, what the bytes are made from, approximate size.

Everything that handles files of a pose by format takes names, suffixes and columns from here. The bytes are encoded in
:mod:`posepipe.artifacts.encoding` and checked in :mod:`posepipe.artifacts.checking`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

JOINTS: Final = "joints"
"""Made from the 22 joints alone."""
ROW: Final = "row"
"""Made from the joints and the manifest row."""
MOTION: Final = "motion"
"""Made from the whole motion, which only inference gives."""


def column_of(name: str) -> str:
    """The manifest's column with the checksum of a format.

    >>> column_of("npy"), column_of("openpose-png")
    ('npy_sha256', 'openpose_png_sha256')
    """
    return f"{name.replace('-', '_')}_sha256"


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes
    ----------
    name : str
        As ``--formats`` takes it.
    suffix : str
        What follows the path of a pose, with the dot.
    made_from : str
        JOINTS, ROW or MOTION.
    size : int
        Approximate bytes of a file, to estimate space; for MOTION those of one frame.
    """

    name: str
    suffix: str
    made_from: str
    size: int

    @property
    def column(self) -> str:
        """The manifest's column with the checksum."""
        return column_of(self.name)


TABLE: Final = (
    Format("npy", ".npy", JOINTS, 392),
    Format("json", ".json", ROW, 3_200),
    Format("png", ".png", ROW, 170_000),
    Format("bvh", ".bvh", JOINTS, 3_700),
    Format("glb", ".glb", JOINTS, 53_000),
    Format("openpose", ".openpose.json", JOINTS, 700),
    Format("openpose-png", ".openpose.png", JOINTS, 30_000),
    Format("motion", ".motion.npy", MOTION, 264),
)
FORMATS: Final = tuple(each.name for each in TABLE)
BY_NAME: Final = {each.name: each for each in TABLE}
DEFAULT: Final = ("npy", "json", "png")
"""What a run writes unless it is asked for something else."""
SOURCES: Final = ("npy", "json", "motion")
"""The formats that hold the joints to the bit, in the order in which they are tried."""
COLUMNS: Final = tuple(each.column for each in TABLE)
"""The columns of the checksums, in the order of :data:`FORMATS`."""

_LONGEST_FIRST: Final = sorted(TABLE, key=lambda each: -len(each.suffix))


def file_of(path: str, name: str) -> str:
    """The file of a pose in one format; ``path`` is its path in the manifest, without extension.

    >>> file_of("a8/arching_back", "npy")
    'a8/arching_back.npy'
    """
    return path + BY_NAME[name].suffix


def readings(file: str) -> list[tuple[str, str]]:
    """The path and the format that a file's name may stand for, the longest suffix first; empty for other files.

    >>> readings("a8/arching_back.npy")
    [('a8/arching_back', 'npy')]
    """
    return [(file.removesuffix(each.suffix), each.name) for each in _LONGEST_FIRST if file.endswith(each.suffix)]


def source_of(row: Mapping[str, Any]) -> str | None:
    """The format that the joints of a manifest row's pose can be read from; None where there is none."""
    return next((name for name in SOURCES if isinstance(row[column_of(name)], str)), None)
