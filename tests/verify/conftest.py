"""The output of a run, and the command ``posepipe verify`` in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from outputs import CAPTIONS, Output

from posepipe.verify import __main__ as verify

Lines = list[list[str]]


@pytest.fixture
def output(tmp_path: Path) -> Output:
    made = Output(tmp_path, CAPTIONS)
    made.run()
    return made


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Lines, str]]:
    """Calls the command: exit code, fields of its lines, stderr."""

    def called(*arguments: object) -> tuple[int, Lines, str]:
        capsys.readouterr()
        code = verify.main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, [line.split("\t") for line in told.out.splitlines()], told.err

    return called
