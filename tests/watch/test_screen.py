"""The screen of ``watch`` at several sizes: nothing sticks out, phrases stay whole, blocks share the height."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from posepipe.control.state import RunState
from posepipe.watch.screen import count_phrases, screen
from posepipe.watch.view import View

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START.timestamp() + 60
LONG = "A person waving with both hands beside a very long and winding road"
CHINESE = "一个人在公园里慢慢地走路并且挥动双手"
DASHBOARD = "http://127.0.0.1:8787/status"


def event(name: str, **more: Any) -> dict[str, Any]:
    counts = {"joints": 599, "poses": 512, "failed": 0}
    return {"run": "r", "name": name, "device": "cuda:3", "process": 1, "totals": counts, **more}


def view_of(workers: int = 2, failures: int = 0, unsure: int = 0, names: int = 0, out: str = "SinglePose") -> View:
    """A run in progress."""
    run = RunState("r", "small", out, "t", "logs", 1, "here", START.isoformat(), total=3000, done_before=0)
    run = replace(run, scheduler="tcp://x", dashboard=DASHBOARD, model="small")
    view = View(out, "m", run, held=True)
    for number in range(workers):
        view.apply(NOW - 30, event(f"gpu{number}", began=0, caption=CHINESE if number % 2 else LONG))
    told = {"poses": 512 - failures, "failed": failures, "caption": LONG, "partition": 0}
    told |= {"stems": [f"name_{number}" for number in range(names)]}
    told |= {"unsure": unsure, "unsure_examples": [CHINESE, LONG, "c"][:unsure], "examples": []}
    for number in range(failures):
        told["examples"] += [
            {"error_type": f"Error{number}", "error": f"cause {number}", "caption": f"caption {number}"}
            | {"caption_id": f"{number:016x}"}
        ]
    view.apply(NOW - 10, event("gpu0", **told))
    return view


def lines(view: View, width: int, height: int | None) -> list[str]:
    stream = io.StringIO()
    Console(file=stream, width=width + 50, highlight=False).print(screen(view, {}, NOW, width, height))
    return [line.rstrip() for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("size", [(80, 24), (200, 50), (40, 10), (60, 20), (120, 12), (40, 60), (25, 7)])
@pytest.mark.parametrize("kinds", [(2, 0, 0, 0), (2, 1, 0, 9), (48, 0, 3, 200), (48, 9, 3, 200), (0, 0, 0, 0)])
def test_the_screen_fits_and_its_phrases_are_whole(size: tuple[int, int], kinds: tuple[int, int, int, int]) -> None:
    view = view_of(*kinds)
    found = lines(view, *size)
    assert len(found) <= size[1]
    assert max(map(cell_len, found)) <= size[0]
    counts = count_phrases(view, NOW)
    bar = next(place for place, line in enumerate(found) if line[0] in "█░")
    after = found[bar + 1 :]
    shown = [phrase for line in after[: after.index("") if "" in after else None] for phrase in line.split("  ")]
    assert shown == counts[: len(shown)]


def test_names_fill_the_height() -> None:
    for height in (24, 50):
        found = lines(view_of(names=200), 80, height)
        assert len(found) == height
        assert found[found.index("latest") + 1 :][0] == "  name_199"
    assert len([line for line in lines(view_of(names=200), 80, 50) if line.startswith("  name_")]) > 30


def test_a_view_without_a_height_shows_every_worker_and_failure() -> None:
    found = lines(view_of(48, 9, 3, 200), 80, None)
    assert [line for line in found if line.startswith("gpu47")]
    assert "  1 Error8: cause 8" in found
    assert "    for example caption 8" in found


def test_failures_show_caption_and_cause_also_on_a_small_screen() -> None:
    found = lines(view_of(48, 1, 3, 200), 40, 12)
    assert "  1 Error0: cause 0" in found
    assert "    for example caption 0" in found
    assert found[0] == "SinglePose  running  small"


@pytest.mark.parametrize("height", range(7, 30))
def test_a_part_without_room_for_its_point_is_left_out(height: int) -> None:
    found = lines(view_of(4, 2, 3, 50), 40, height)
    if "failed, 2 classes" in found:
        place = found.index("failed, 2 classes")
        assert found[place + 1 : place + 3] == ["  1 Error0: cause 0", "    for example caption 0"]
    if any(line.startswith("worker ") for line in found):
        assert any(line.startswith("gpu0") for line in found)
    if "latest" in found:
        assert "  name_49" in found
    assert "failed, 2 classes" in found or height < 9


def test_unsure_poses_are_counted_with_three_examples() -> None:
    found = lines(view_of(unsure=3), 80, 24)
    title = found.index("3 unsure: the model guessed, for example")
    assert found[title + 1 : title + 4] == [f"  {CHINESE}", f"  {LONG}", "  c"]


def test_more_workers_than_lines_are_counted() -> None:
    found = lines(view_of(48), 80, 24)
    assert len(found) == 24
    shown = len([line for line in found if line.startswith("gpu")])
    assert found[-1] == f"and {48 - shown} more workers"


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (120, ["worker", "device", "state", "inferred", "written", "per", "s", "last", "caption"]),
        (60, ["worker", "state", "inferred", "written", "per", "s", "last", "caption"]),
        (40, ["worker", "state", "written", "last", "caption"]),
    ],
)
def test_columns_that_do_not_fit_are_left_out(width: int, columns: list[str]) -> None:
    assert lines(view_of(), width, 24)[-3].split() == columns


def test_a_path_that_is_too_long_is_shown_by_its_last_part() -> None:
    assert lines(view_of(out="/data/" + "x" * 80 + "/SinglePose"), 40, 24)[0].startswith("SinglePose  running")
