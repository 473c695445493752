"""The check that a script calls ``posepipe.generate`` where its worker processes do not call it again.

Python starts a worker process anew and imports the script there. What stands outside
``if __name__ == "__main__":`` then runs once more in each of them.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Final

from posepipe.config import RunConfig
from posepipe.errors import MainGuardMissing

_GUARD: Final = 'if __name__ == "__main__":'
_TOLD_APART_BY: Final = frozenset({"__name__", "current_process"})
"""Names by which a script can tell whether it runs in a worker process."""


def check_main_guard(config: RunConfig) -> None:
    """Look for a call in the main script that each worker process would repeat.

    In a worker process, which is importing the script, this ends the process and leaves a file for
    :func:`refuse_repeated_calls`.

    Raises
    ------
    MainGuardMissing
        The script has no guard.
    """
    if config.scheduler or config.scheduler_file:
        return
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        _marker(os.getppid()).touch()
        os._exit(1)
    frame = _main_frame()
    script = getattr(sys.modules["__main__"], "__file__", None)
    if frame is not None and script is not None and _is_unguarded(script):
        raise MainGuardMissing(_advice(f"{Path(script).name}, line {frame.f_lineno}"))


def refuse_repeated_calls() -> None:
    """Called where worker processes did not start.

    Raises
    ------
    MainGuardMissing
        They ended because the script called ``posepipe.generate`` in each of them.
    """
    marker = _marker(os.getpid())
    if marker.exists():
        marker.unlink(missing_ok=True)
        raise MainGuardMissing(_advice(Path(getattr(sys.modules["__main__"], "__file__", "the script")).name))


def _marker(driver: int) -> Path:
    """The file by which a worker process tells the driver, a process id, that it called ``posepipe.generate``."""
    return Path(tempfile.gettempdir(), f".posepipe-no-main-guard-{driver}")


def _advice(where: str) -> str:
    return f"{where}: call posepipe.generate below `{_GUARD}`; the run starts processes that import this script"


def _main_frame() -> FrameType | None:
    """The frame of the main script in this thread, if it is the caller; None in a notebook's cells or a thread."""
    frame: FrameType | None = sys._getframe()
    namespace = vars(sys.modules["__main__"])
    while frame is not None and not (frame.f_globals is namespace and frame.f_code.co_name == "<module>"):
        frame = frame.f_back
    return frame


def _is_unguarded(script: str) -> bool:
    """Whether no condition at the top level of a script tells its main process from others. False if in doubt."""
    try:
        tree = ast.parse(Path(script).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return False
    names = {
        part.attr if isinstance(part, ast.Attribute) else part.id
        for statement in tree.body
        if isinstance(statement, (ast.If, ast.Assert))
        for part in ast.walk(statement.test)
        if isinstance(part, (ast.Name, ast.Attribute))
    }
    return not names & _TOLD_APART_BY
