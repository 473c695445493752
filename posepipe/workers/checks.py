"""Questions that the driver asks every worker of a user's cluster before a run (with ``Client.run``)."""

from __future__ import annotations

from collections.abc import Sequence

from posepipe._version import __version__
from posepipe.storage.locations import open_folder


def versions() -> dict[str, str]:
    """Versions, by package, that must be equal on the driver and on every worker."""
    import distributed

    return {"posepipe": __version__, "distributed": distributed.__version__}


def what_is_out_of_reach(places: Sequence[str], name: str) -> str:
    """The first place that this process cannot use, and why.

    Parameters
    ----------
    places : sequence of str
        Folders or URLs.
    name : str
        A file that the driver put into each of them.

    Returns
    -------
    str
        Empty if each place holds the file and can be written.
    """
    for place in places:
        try:
            folder = open_folder(place)
            try:
                folder.read(name)
            except FileNotFoundError:
                return f"{place} (it is another folder there)"
            folder.probe()
        except Exception as raised:  # each file system has exception classes of its own
            error = raised.__cause__ or raised
            return f"{place} ({type(error).__name__}: {str(error)[:200]})"
    return ""
