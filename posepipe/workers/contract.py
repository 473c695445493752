"""What the driver and the workers share: columns, constants, the context of a run."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from posepipe.config import RunConfig
from posepipe.errors import class_name, message_of, traceback_of

if TYPE_CHECKING:
    import pandas as pd

    from posepipe.models.base import Model

INFER: Final = "infer"
REDRAW: Final = "redraw"

WORK_COLUMNS: Final = (
    "caption_id",
    "variant",
    "caption",
    "line",
    "source",
    "stem",
    "length",
    "settings_id",
    "attempts",
    "mode",
    "described",
    "previous",
    "replaced",
    "after",
    "pinned",
)
"""Columns of a row of work.

``length`` is in frames; 0 means that the model estimates it. ``attempts`` includes this one. ``mode`` is INFER, or
REDRAW where joints are on disk and only a format is missing that can be made from them. ``previous`` is the manifest
row as a dict of a pose that is done and lacks a format, else None. ``described`` lists the formats, comma-separated,
whose files the manifest describes as posepipe's own, so that they may be overwritten. ``replaced`` is the manifest
row as a dict of a pose that is made again over its files, else None. ``after`` is the time of the manifest row, in
microseconds since 1970; 0 where there is none. ``pinned`` as in the manifest.
"""


def pose_seed(seed: int, caption_id: str, variant: int) -> int:
    """The seed of one pose, 0 <= seed < 2**63: a hash of the run's seed, the caption and the variant."""
    digest = hashlib.sha256(f"{seed}:{caption_id}:{variant}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


TOPIC: Final = "posepipe"
PROGRESS_SECONDS: Final = 0.5

POSE_COLUMNS: Final = (
    "joints",
    "motion",
    "frame_index",
    "unsure",
    "bone_reference",
    "error_type",
    "error",
    "traceback",
    "worker",
    "device",
    "batch_size",
    "seconds",
    "started_at",
)
"""Columns that the first stage adds to a row of work. ``joints`` is 264 bytes of float32, or None; ``motion``
those of every frame, where the format ``motion`` is to be written."""

STATUS_COLUMNS: Final = ("caption_id", "variant", "status", "error_type", "set_aside", "unsure", "collision")
"""Columns that the second stage returns.

``set_aside`` is the number of files that were moved out of the way. ``unsure`` is the caption, where the pose has the
flag ``unsure``, else None. ``collision`` is whether it has that flag.
"""

UNSURE_EXAMPLES: Final = 3
"""Captions of poses with the flag ``unsure`` that the summary and ``posepipe watch`` show."""

logger = logging.getLogger("posepipe")


@dataclass(frozen=True)
class RunContext:
    """What the workers need to know about a run. It is sent with every task, so all paths are absolute."""

    config: RunConfig
    run_id: str
    model_fingerprint: str
    temperature: float | None = None
    """The model's own, where it has one and ``--temperature`` is not given."""


class WorkerState(Protocol):
    """What a stage uses of its worker; :mod:`posepipe.workers.plugin` provides it."""

    name: str
    device: str

    def model(self) -> Model:
        """The model, loaded once per process."""
        ...

    def deadline(self, partition: int, keys: Sequence[str]) -> AbstractContextManager[Callable[[Sequence[str]], None]]:
        """Record what is in flight, and end the process when it takes longer than ``batch_timeout``.

        The block gets a function that records other keys instead, whose time then begins.
        """
        ...

    def give_up(self, error: BaseException) -> None:
        """End the process because its device is lost; another process takes its place."""
        ...

    def note(self, event: dict[str, Any]) -> None:
        """Send an event to the driver and to ``posepipe watch``."""
        ...


def pose_meta() -> pd.DataFrame:
    """An empty frame with the columns of the first stage, for ``from_map``."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype=object) for name in (*WORK_COLUMNS, "partition", *POSE_COLUMNS)})


def status_meta() -> pd.DataFrame:
    """An empty frame with the columns of the second stage, for ``map_partitions``."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype=object) for name in STATUS_COLUMNS})


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dicts by column."""
    return cast("list[dict[str, Any]]", frame.to_dict("records"))


def pose_key(caption_id: str, variant: int) -> str:
    """Identifies a pose within a run."""
    return f"{caption_id}:{variant}"


def record_failure(row: dict[str, Any], error: BaseException) -> None:
    """Put an exception into the columns of a row. Its texts are cut at a few thousand characters."""
    row["joints"] = row["motion"] = None
    row["error_type"] = class_name(error)
    row["error"] = message_of(error)
    row["traceback"] = traceback_of(error)
