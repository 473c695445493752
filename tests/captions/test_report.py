"""How the reading of the inputs is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from posepipe.captions.reading import read_captions
from posepipe.captions.report import Understood, describe


def test_one_input_takes_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("id;Text\n1;<b>A</b>\n2;A\n3;\n4;NaN\n", encoding="utf-8-sig")
    assert read_captions("a.csv").describe() == [
        "a.csv: CSV separated by semicolons, UTF-8, column Text: 1 caption; 1 repetition; 2 unusable lines; "
        "removed 1 HTML tag"
    ]


def test_inputs_that_read_alike_share_a_line() -> None:
    alike = [
        Understood(f"p/{number}.txt", "text", "UTF-8", captions=2, skipped={"comments": 1}) for number in range(1_000)
    ]
    other = Understood("x.parquet", "Parquet", column="text", captions=5, remarks=("a guess",))
    assert describe([*alike, other], ["p: left out x.png"]) == [
        "p/0.txt and 999 more files: text, UTF-8: 2,000 captions; left out 1,000 comments",
        "x.parquet: Parquet, column text: 5 captions",
        "x.parquet: a guess",
        "p: left out x.png",
    ]


def test_many_remarks_are_cut_short() -> None:
    inputs = [Understood(f"{number}.txt", "text", "UTF-8", remarks=("empty",)) for number in range(100)]
    lines = describe(inputs)
    assert len(lines) < 30
    assert lines[-1] == "and 80 more remarks like these"
