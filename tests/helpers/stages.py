"""For calling the two stages without a cluster: the state of a worker, and rows of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pandas as pd
from fake_model import FakeModel

from posepipe.captions.reading import caption_id
from posepipe.workers.contract import INFER, WORK_COLUMNS


class State:
    """The state of a worker, in this process."""

    name, device = "cpu0", "cpu"

    def __init__(self, model: Any = None) -> None:
        self._model = model or FakeModel()
        self.keys: list[list[str]] = []
        self.events: list[dict[str, Any]] = []

    def model(self) -> Any:
        return self._model

    @contextmanager
    def deadline(self, partition: int, keys: Sequence[str]) -> Iterator[Callable[[Sequence[str]], None]]:
        def goes_on_with(keys: Sequence[str]) -> None:
            self.keys.append(list(keys))

        goes_on_with(keys)
        yield goes_on_with

    def give_up(self, error: Exception) -> None:
        raise SystemExit(str(error))

    def note(self, event: dict[str, Any]) -> None:
        self.events.append(event)


def work(texts: list[str], **more: Any) -> pd.DataFrame:
    rows = [
        {
            "caption_id": caption_id(text),
            "variant": 0,
            "caption": text,
            "line": line,
            "source": "captions.txt",
            "stem": f"s{line}",
            "length": 16,
            "settings_id": "id",
            "attempts": 1,
            "mode": INFER,
            "described": "",
            "previous": None,
            "replaced": None,
            "after": 0,
            "pinned": False,
            "partition": 3,
        }
        | more
        for line, text in enumerate(texts, 1)
    ]
    return pd.DataFrame(rows, columns=[*WORK_COLUMNS, "partition"], dtype=object)
