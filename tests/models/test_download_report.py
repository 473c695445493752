"""How ``models fetch`` reports: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
import sys

import pytest

from posepipe.models import download_report
from posepipe.models.download_report import TerminalReporter


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_shows_bytes_and_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "120")
    with TerminalReporter().bytes_of("owner/name: a.zip", 4_000_000_000) as advance:
        for done in range(0, 4_000_000_001, 500_000_000):
            advance(done)
    shown = screen.getvalue()
    assert "owner/name: a.zip" in shown
    assert "4.0/4.0 GB" in shown


def test_elsewhere_lines_come_every_few_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 1.0, 2.0, 12.0, 13.0, 31.0])
    monkeypatch.setattr(download_report.time, "monotonic", lambda: next(clock))
    with TerminalReporter().bytes_of("a.zip", 900_000_000) as advance:
        for done in (100_000_000, 150_000_000, 210_000_000, 220_000_000, 400_000_000):
            advance(done)
    assert capsys.readouterr().err.splitlines() == [
        "a.zip: 210 of 900 MB, 10.0 MB/s",
        "a.zip: 400 of 900 MB, 10.0 MB/s",
    ]


def test_lines_go_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    TerminalReporter().say("done")
    assert capsys.readouterr() == ("done\n", "")
