"""An output folder for the tests of the gallery, made in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
from fake_model import FakeModel

from posepipe.captions import stems
from posepipe.captions.reading import caption_id
from posepipe.config import RunConfig
from posepipe.control.state import STATE_NAME, new_state
from posepipe.storage.stores import FileStore
from posepipe.workers.contract import INFER, WORK_COLUMNS, RunContext
from posepipe.workers.infer import infer_partition
from posepipe.workers.publish import publish_partition

HOSTILE = [
    "<script>window.broken = 1</script>",
    "</script><img src=x onerror='window.broken = 2'>",
    "A \"quoted\" <b>person</b> &amp; 'more' `${window.broken = 3}`",
    "A person \u202egninnur\u202c backwards",
    "A person at 100% #1? yes; a+b=c",
    "人 walking along die Straße",
    "شخص يمشي {{script}} \u2028 {{title}}",
]
CAPTIONS = [
    "A person waving",
    "A person sitting down",
    "please raise an error",
    "A person at nan place",
    *HOSTILE,
    *(f"A person standing {how} {n}" for n in range(2) for how in ("calmly", "proudly", "in fear", "with pride")),
]


class _State:
    """The state of a worker, in this process."""

    name, device = "cpu0", "cpu"

    def __init__(self) -> None:
        self._model = FakeModel()

    def model(self) -> Any:
        return self._model

    def deadline(self, partition: int, keys: Sequence[str]) -> AbstractContextManager[Callable[[Sequence[str]], None]]:
        return nullcontext(lambda _: None)

    def note(self, event: dict[str, Any]) -> None:
        pass


def build(
    folder: Path, captions: Sequence[str] = CAPTIONS, formats: str = "npy,json,png", layout: str = "files"
) -> Path:
    """Make poses for these captions; returns ``folder/SinglePose``. Its manifest is in ``folder``."""
    out, temp = folder / "SinglePose", folder / "SinglePose_temp"
    config = RunConfig(
        text_path="captions.txt",
        final_dir=str(out),
        temp_dir=str(temp),
        manifest=str(folder / "manifest"),
        formats=formats,
        layout=layout,
        model="fake_model:factory",
        cfg=2.0,
        batch_size=8,
        fsync=False,
    )
    FileStore(out, temp).prepare()
    context, state = RunContext(config, "run", FakeModel.fingerprint), _State()
    work = pd.DataFrame(
        [_work(text, line) for line, text in enumerate(captions, 1)],
        columns=[*WORK_COLUMNS, "partition"],
        dtype=object,
    )
    publish_partition(infer_partition(work, context, state), context, state)
    run = new_state(
        "run", final_dir=str(out), manifest=config.manifest or "", temp_dir=str(temp), log_dir="", model=config.model
    )
    (out / STATE_NAME).write_text(json.dumps(asdict(run)))
    return out


def _work(caption: str, line: int) -> dict[str, Any]:
    return {
        "caption_id": caption_id(caption),
        "variant": 0,
        "caption": caption,
        "line": line,
        "source": "captions.txt",
        "stem": stems.stem_of(caption, caption_id(caption)),
        "length": 16,
        "settings_id": "id",
        "attempts": 1,
        "mode": INFER,
        "described": "",
        "previous": None,
        "replaced": None,
        "after": 0,
        "pinned": False,
        "partition": 0,
    }
