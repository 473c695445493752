"""Where a run is started from, and the progress of a run in a notebook: a bar and the messages, in HTML."""

from __future__ import annotations

import io
import sys
from html import escape
from time import monotonic
from typing import Any, Final

from posepipe.run.progress import ProgressPrinter
from posepipe.run.summary import Observer, Silent

UPDATE_SECONDS: Final = 0.5


def in_notebook() -> bool:
    """Whether this process is the kernel of a notebook."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def is_interactive() -> bool:
    """Whether somebody types into this process: a notebook, IPython or Python's prompt."""
    ipython = sys.modules.get("IPython")
    return hasattr(sys, "ps1") or (ipython is not None and ipython.get_ipython() is not None)


def default_observer() -> Observer:
    """Shows the progress of a run where somebody waits for it: in a notebook or at a prompt. Nothing in a script."""
    if in_notebook():
        return NotebookProgress()
    return ProgressPrinter() if is_interactive() else Silent()


class NotebookProgress(ProgressPrinter):
    """Shows bar and messages in the output of a cell, and updates them in place."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self._lines: list[str] = []
        self._display: Any = None
        self._updated = 0.0

    def message(self, text: str) -> None:
        """A line below the bar."""
        self._lines.append(text)
        self._update()

    def _show(self) -> None:
        now = monotonic()
        self._note_rate(now)
        if now - self._updated >= UPDATE_SECONDS or self._seen >= self._total:
            self._update()

    def _update(self) -> None:
        from IPython.display import display

        self._updated = monotonic()
        data = {"text/html": self._html(), "text/plain": "\n".join(self._lines)}
        if self._display is None:
            self._display = display(data, raw=True, display_id=True)
        else:
            self._display.update(data, raw=True)

    def _html(self) -> str:
        lines = escape("\n".join(self._lines))
        bar = ""
        if self._total:
            seen = min(self._seen, self._total)
            figures = escape(self._figures(monotonic()))
            bar = f'<progress value="{seen}" max="{self._total}" style="width: 20em"></progress> {figures}'
        return f'<div>{bar}</div><pre style="white-space: pre-wrap">{lines}</pre>'
