"""What is decided about the captions of a worker that died, without a cluster."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from posepipe.errors import BatchTimeout, MachineError, WorkerDied
from posepipe.run.suspects import (
    DEAD_IN_A_ROW,
    DEATHS_UNBEGUN,
    PIECES,
    RAISED_IN_A_ROW,
    Guilty,
    Partition,
    Portion,
    Suspects,
)
from posepipe.workers.deadline import marker_path


class Deaths:
    """Suspects of a run, and workers that die."""

    def __init__(self, folder: Path) -> None:
        config: Any = SimpleNamespace(temp_dir=str(folder), log_dir="logs", batch_timeout=90.0)
        context: Any = SimpleNamespace(config=config, run_id="run")
        self.suspects = Suspects(context)
        self._folder = folder
        self._number = 0

    def die(
        self,
        work: pd.DataFrame | Portion,
        in_flight: Sequence[str] | None,
        *,
        alone: bool = False,
        stacks: str | None = None,
        submitted: float = 1.0,
        awoke: float = 0.0,
    ) -> tuple[list[list[str]], Guilty | None]:
        """Let the worker of a partition die with some keys in flight, or before its first batch (None)."""
        self._number += 1
        if in_flight is not None:
            path = self._folder / f"stacks-{self._number}"
            if stacks is not None:
                path.write_text(stacks)
            marker = marker_path(self._folder, "run", self._number)
            marker.write_text(json.dumps({"keys": list(in_flight), "stacks": str(path)}))
        portion = work if isinstance(work, Portion) else Portion.of(work)
        partition = Partition(self._number, portion, portion.rows(), submitted)
        worker = f"tcp://127.0.0.1:{self._number}"
        requeued, guilty = self.suspects.after_death(partition, worker, alone=alone, awoke=awoke)
        return [captions_of(part) for part in requeued], guilty

    @property
    def waiting(self) -> list[list[str]]:
        """The captions of each suspect portion."""
        return [captions_of(portion) for portion in self.suspects.portions]


def captions_of(portion: Portion) -> list[str]:
    return list(portion.rows()["caption_id"])


def rows(count: int, variant: int = 0) -> pd.DataFrame:
    """Work on the captions 0, 1, and so on."""
    return pd.DataFrame({"caption_id": [str(number) for number in range(count)], "variant": variant})


@pytest.fixture
def deaths(tmp_path: Path) -> Deaths:
    return Deaths(tmp_path)


def test_what_was_in_flight_is_suspect_and_the_rest_is_tried_again(deaths: Deaths) -> None:
    requeued, guilty = deaths.die(rows(5), ["1:0", "3:0"])
    assert (requeued, guilty) == ([["0", "2", "4"]], None)
    assert deaths.waiting == [["1", "3"]]


def test_variants_of_a_caption_are_told_apart(deaths: Deaths) -> None:
    work = pd.concat([rows(2), rows(2, variant=1)])
    requeued, _ = deaths.die(work, ["1:1"])
    assert requeued == [["0", "1", "0"]]
    [portion] = deaths.suspects.portions
    assert portion.rows().to_dict("records") == [{"caption_id": "1", "variant": 1}]


def test_nothing_is_queued_again_where_all_were_in_flight(deaths: Deaths) -> None:
    assert deaths.die(rows(2), ["0:0", "1:0"]) == ([], None)
    assert deaths.waiting == [["0", "1"]]


def test_a_suspect_portion_is_split_into_pieces(deaths: Deaths) -> None:
    work = rows(20)
    keys = [f"{number}:0" for number in range(20)]
    assert deaths.die(work, keys, alone=True) == ([], None)
    sizes = [len(piece) for piece in deaths.waiting]
    assert sizes == [3] * 6 + [2]
    assert len(sizes) <= PIECES
    assert [caption for piece in deaths.waiting for caption in piece] == [str(number) for number in range(20)]


@pytest.mark.parametrize(("captions", "sizes"), [(8, [1] * 8), (9, [2, 2, 2, 2, 1]), (17, [3] * 5 + [2])])
def test_there_are_at_most_eight_pieces(deaths: Deaths, captions: int, sizes: list[int]) -> None:
    deaths.die(rows(captions), [f"{number}:0" for number in range(captions)], alone=True)
    assert [len(piece) for piece in deaths.waiting] == sizes


def test_a_small_suspect_portion_is_split_into_single_captions(deaths: Deaths) -> None:
    deaths.die(rows(3), ["0:0", "1:0", "2:0"], alone=True)
    assert deaths.waiting == [["0"], ["1"], ["2"]]


def test_of_a_suspect_portion_those_in_flight_stay_together(deaths: Deaths) -> None:
    requeued, guilty = deaths.die(rows(5), ["1:0", "2:0"], alone=True)
    assert (requeued, guilty) == ([["0", "3", "4"]], None)
    assert deaths.waiting == [["1", "2"]]


def test_one_caption_in_flight_in_a_partition_of_many_is_tried_alone_at_once(deaths: Deaths) -> None:
    deaths.suspects.portions.append(Portion.of(rows(2)))
    requeued, guilty = deaths.die(rows(5), ["4:0"], alone=True)
    assert (requeued, guilty) == ([["0", "1", "2", "3"]], None)
    assert deaths.waiting == [["4"], ["0", "1"]]


def test_a_caption_that_was_not_in_flight_is_not_suspected(deaths: Deaths) -> None:
    requeued, guilty = deaths.die(rows(2), [], alone=True)
    assert (requeued, guilty, deaths.waiting) == ([["0", "1"]], None, [])


def test_the_second_death_alone_is_a_failure(deaths: Deaths) -> None:
    assert deaths.die(rows(1), ["0:0"], alone=True) == ([], None)
    assert deaths.waiting == [["0"]]
    requeued, guilty = deaths.die(rows(1), ["0:0"], alone=True)
    assert requeued == []
    assert guilty is not None
    assert isinstance(guilty.failure, WorkerDied)
    assert (list(guilty.work["caption_id"]), guilty.stacks) == (["0"], None)
    assert deaths.waiting == [["0"]]


def test_deaths_of_other_captions_and_variants_do_not_count(deaths: Deaths) -> None:
    for work, key in ((rows(1), "0:0"), (rows(1, variant=1), "0:1"), (rows(2).iloc[1:], "1:0")):
        assert deaths.die(work, [key], alone=True)[1] is None
    assert deaths.waiting == [["1"], ["0"], ["0"]]


def test_a_death_among_others_is_not_one_alone(deaths: Deaths) -> None:
    for _ in range(3):
        assert deaths.die(rows(1), ["0:0"]) == ([], None)
    assert deaths.die(rows(1), ["0:0"], alone=True)[1] is None


def test_the_first_timeout_alone_is_a_failure_with_its_stacks(deaths: Deaths) -> None:
    requeued, guilty = deaths.die(rows(1), ["0:0"], alone=True, stacks="in sleep")
    assert requeued == []
    assert guilty is not None
    assert isinstance(guilty.failure, BatchTimeout)
    assert str(guilty.failure) == "took longer than 90 s alone"
    assert guilty.stacks == "in sleep"
    assert deaths.waiting == []


def test_a_timeout_while_the_machine_was_suspended_does_not_count(deaths: Deaths) -> None:
    assert deaths.die(rows(1), ["0:0"], alone=True, stacks="x", submitted=1.0, awoke=2.0)[1] is None
    assert deaths.waiting == [["0"]]
    guilty = deaths.die(rows(1), ["0:0"], alone=True, stacks="x", submitted=3.0, awoke=2.0)[1]
    assert guilty is not None
    assert isinstance(guilty.failure, BatchTimeout)


def test_a_portion_whose_workers_die_before_their_first_batch_becomes_suspect(deaths: Deaths) -> None:
    portion = Portion.of(rows(2))
    for _ in range(DEATHS_UNBEGUN - 1):
        assert deaths.die(portion, None) == ([["0", "1"]], None)
        assert deaths.waiting == []
    assert deaths.die(portion, None) == ([], None)
    assert deaths.waiting == [["0", "1"]]


def test_the_portion_that_is_tried_again_is_the_same_one(deaths: Deaths) -> None:
    portion = Portion.of(rows(2))
    partition = Partition(99, portion, portion.rows(), 0.0)
    requeued, _ = deaths.suspects.after_death(partition, "tcp://a", alone=False, awoke=0.0)
    assert requeued == [portion]
    assert portion.unbegun == 1


def test_a_caption_alone_whose_workers_never_begin_fails(deaths: Deaths) -> None:
    portion = Portion.of(rows(1))
    for _ in range(DEATHS_UNBEGUN - 1):
        assert deaths.die(portion, None, alone=True)[1] is None
    assert deaths.die(portion, None, alone=True) == ([], None)  # the first death alone
    guilty = deaths.die(portion, None, alone=True)[1]
    assert guilty is not None
    assert isinstance(guilty.failure, WorkerDied)


def test_workers_that_die_at_nothing_end_the_run(tmp_path: Path) -> None:
    config: Any = SimpleNamespace(temp_dir=str(tmp_path), log_dir="logs")
    context: Any = SimpleNamespace(config=config, run_id="run")
    suspects = Suspects(context)
    work = pd.DataFrame({"caption_id": ["a"], "variant": [0]})
    for death in range(1, DEAD_IN_A_ROW):
        partition = Partition(death, Portion.of(work), work, 0.0)
        requeued, guilty = suspects.after_death(partition, f"tcp://127.0.0.1:{death}", alone=False, awoke=0.0)
        assert (len(requeued), guilty) == (1, None)  # each is tried again
    with pytest.raises(MachineError, match="before they begin a batch; their logs are in logs"):
        suspects.after_death(Partition(0, Portion.of(work), work, 0.0), "tcp://127.0.0.1:0", alone=False, awoke=0.0)


@pytest.mark.parametrize("sign", ["progress", "batch"])
def test_workers_that_die_at_nothing_count_only_in_a_row(deaths: Deaths, sign: str) -> None:
    for _ in range(DEAD_IN_A_ROW - 1):
        deaths.die(rows(1), None)
    if sign == "progress":
        deaths.suspects.progress()
    else:
        deaths.die(rows(1), ["0:0"])
    for _ in range(DEAD_IN_A_ROW - 1):
        assert deaths.die(rows(1), None)[0] == [["0"]]
    with pytest.raises(MachineError):
        deaths.die(rows(1), None)


def test_partitions_of_one_dead_worker_are_one_death(deaths: Deaths) -> None:
    for number in range(2 * DEAD_IN_A_ROW):
        partition = Partition(number, Portion.of(rows(1)), rows(1), 0.0)
        requeued, _ = deaths.suspects.after_death(partition, "tcp://127.0.0.1:1", alone=False, awoke=0.0)
        assert len(requeued) == 1


def test_an_unexpected_error_fails_one_caption_or_ends_the_run(deaths: Deaths) -> None:
    """Captions of a task that raised are tried in ever smaller portions, until the one that raises is alone."""
    suspects, error = deaths.suspects, TypeError("of no stage")
    work, portions = rows(100), []
    assert suspects.after_error(Partition(1, Portion.of(work), work, 1.0), error, alone=False) is None
    while True:
        portion = suspects.portions.popleft()
        part = portion.rows()
        if "77" not in set(part["caption_id"]):
            suspects.progress()
            continue
        portions.append(len(part))
        guilty = suspects.after_error(Partition(2, portion, part, 1.0), error, alone=True)
        if guilty is not None:
            break
    assert portions == [100, 13, 1]
    assert list(guilty.work["caption_id"]) == ["77"]
    assert guilty.failure is error
    suspects.progress()
    for _ in range(RAISED_IN_A_ROW - 1):
        suspects.after_error(Partition(3, Portion.of(work), work, 1.0), error, alone=False)
    with pytest.raises(TypeError, match="of no stage"):
        suspects.after_error(Partition(3, Portion.of(work), work, 1.0), error, alone=False)
