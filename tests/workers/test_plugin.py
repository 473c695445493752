"""What a worker does around the two stages, without a cluster."""

from __future__ import annotations

import errno
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from posepipe.errors import MachineError
from posepipe.workers import plugin
from posepipe.workers.contract import RunContext
from posepipe.workers.isolation import between_calls


@pytest.mark.parametrize(
    ("errors", "raised"),
    [
        ([], None),
        ([OSError(errno.EFBIG, "File too large")], None),
        ([MachineError("out: too many open files")], None),
        ([OSError(errno.ENOSPC, "full"), OSError(errno.ENOSPC, "full")], OSError),
        ([KeyError("no error of the machine")], KeyError),
    ],
    ids=["sound", "limit", "ours", "full", "other"],
)
def test_writing_that_fails_is_tried_again_between_two_calls_of_the_model(
    errors: list[Exception], raised: type[Exception] | None, context: RunContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model runs in another thread of the process; limits that it changes hold for both until they are put back."""
    waiting, alone, events = list(errors), list[bool](), list[dict[str, Any]]()

    def publish_partition(*_: object) -> pd.DataFrame:
        alone.append(between_calls.locked())
        if waiting:
            raise waiting.pop(0)
        return pd.DataFrame({"status": ["done"]})

    monkeypatch.setattr(plugin, "publish_partition", publish_partition)
    monkeypatch.setattr(plugin, "_plugin", lambda: SimpleNamespace(note=events.append))
    monkeypatch.setattr(plugin, "_State", lambda _: None)
    if raised is None:
        assert list(plugin.publish(pd.DataFrame(), context)["status"]) == ["done"]
    else:
        with pytest.raises(raised):
            plugin.publish(pd.DataFrame(), context)
    assert alone == [False, True][: 1 if errors == [] or raised is KeyError else 2]
    assert not between_calls.locked()
    assert events == [{"state": "publishing"}, {"state": "published"}]
