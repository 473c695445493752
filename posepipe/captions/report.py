"""What was understood of an input, in one or two lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from posepipe.captions.notes import Notes, listed
from posepipe.wording import count

_NAMED_INPUTS = 5
_REMARKS = 20


@dataclass(frozen=True)
class Understood:
    """How one input was read.

    Attributes
    ----------
    source : str
        Its name.
    form : str
        ``text``, ``Markdown``, ``CSV`` and so on.
    encoding : str
        Empty for Parquet and for captions given on the command line.
    column : str
        Of a table or of records; empty where there is none.
    captions, repetitions, unusable : int
        Captions it gave first; captions left out because they are there already; unusable lines.
    skipped : dict of str to int
        What is no caption, by kind: ``{"headings": 16}``.
    cleaned : dict of str to int
        Captions from which something was removed, by kind: ``{"list marks": 16}``.
    remarks : tuple of str
        Guesses, and everything else that the user should know.
    """

    source: str
    form: str
    encoding: str = ""
    column: str = ""
    captions: int = 0
    repetitions: int = 0
    unusable: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    cleaned: dict[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, notes: Notes, captions: int, repetitions: int) -> Understood:
        """From the notes on an input."""
        return cls(
            source=notes.source,
            form=notes.form,
            encoding=notes.encoding.upper(),
            column=notes.column,
            captions=captions,
            repetitions=repetitions,
            unusable=notes.unusable_count,
            skipped=+notes.skipped,
            cleaned=+notes.cleaned,
            remarks=tuple(notes.remarks),
        )

    @property
    def how(self) -> str:
        """Form, encoding and column: ``CSV, UTF-8, column caption``."""
        parts = [self.form, self.encoding, f"column {self.column}" if self.column else ""]
        return ", ".join(part for part in parts if part)


def describe(inputs: Sequence[Understood], remarks: Sequence[str] = ()) -> list[str]:
    """Lines for people: how the inputs were read, and what was left out and removed.

    Inputs that were read in the same way share a line, so that a folder of thousands of files takes one.
    """
    groups: dict[str, list[Understood]] = {}
    for read in inputs:
        groups.setdefault(read.how, []).append(read)
    lines = []
    for how, group in groups.items():
        names = [read.source for read in group]
        shown = ", ".join(names) if len(names) <= _NAMED_INPUTS else f"{names[0]} and {len(names) - 1:,} more files"
        lines.append(f"{shown}: {how}: {_counts(group)}")
    notes = [f"{read.source}: {remark}" for read in inputs for remark in read.remarks] + list(remarks)
    lines += notes[:_REMARKS]
    if len(notes) > _REMARKS:
        lines.append(f"and {count(len(notes) - _REMARKS, 'more remark')} like these")
    return lines


def _counts(group: Sequence[Understood]) -> str:
    parts = [count(sum(read.captions for read in group), "caption")]
    skipped: Counter[str] = Counter()
    cleaned: Counter[str] = Counter()
    for read in group:
        skipped.update(read.skipped)
        cleaned.update(read.cleaned)
    if repetitions := sum(read.repetitions for read in group):
        parts.append(count(repetitions, "repetition"))
    if unusable := sum(read.unusable for read in group):
        parts.append(count(unusable, "unusable line"))
    if skipped:
        parts.append(f"left out {listed(skipped)}")
    if cleaned:
        parts.append(f"removed {listed(cleaned)}")
    return "; ".join(parts)
