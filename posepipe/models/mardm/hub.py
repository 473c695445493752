"""Files on the Hugging Face hub, or on the server that ``HF_ENDPOINT`` names: address, size, checksum, revision."""

from __future__ import annotations

import re
from dataclasses import dataclass

from posepipe.errors import CheckpointNotFound, MachineError


@dataclass(frozen=True)
class HubFile:
    """A file of a repository at one revision.

    Attributes
    ----------
    repository, name : str
        ``owner/name`` and the file's path in it.
    revision : str
        The commit, or ``main`` if the server did not name it.
    url : str
        Where it is downloaded from.
    size : int or None
        Bytes, if the server says.
    sha256 : str or None
        Checksum, which the hub has for large files only.
    token : str or None
        The user's access token, if there is one.
    """

    repository: str
    name: str
    revision: str
    url: str
    size: int | None
    sha256: str | None
    token: str | None


def locate(repository: str, name: str, revision: str | None) -> HubFile:
    """Ask the hub for a file.

    Parameters
    ----------
    repository, name : str
        See :class:`HubFile`.
    revision : str or None
        A commit; None for the newest one.

    Raises
    ------
    CheckpointNotFound
        There is no such repository, revision or file, or it is not open to this user.
    MachineError
        The hub cannot be reached or refuses.
    """
    from huggingface_hub import get_hf_file_metadata, get_token, hf_hub_url

    token = get_token()
    try:
        found = get_hf_file_metadata(hf_hub_url(repository, name, revision=revision or "main"), token=token or False)
    except Exception as error:
        raise _explained(repository, name, error) from error
    revision = revision or found.commit_hash or "main"
    is_sha256 = found.etag is not None and re.fullmatch("[0-9a-f]{64}", found.etag) is not None
    return HubFile(
        repository,
        name,
        revision,
        hf_hub_url(repository, name, revision=revision),
        found.size,
        found.etag if is_sha256 else None,
        token,
    )


def locate_first(repository: str, names: tuple[str, ...], revision: str | None) -> HubFile:
    """As :func:`locate`, for the first of several names that the repository has."""
    for name in names[:-1]:
        try:
            return locate(repository, name, revision)
        except CheckpointNotFound as error:
            if not _is_missing_entry(error.__cause__):
                raise
    return locate(repository, names[-1], revision)


def _is_missing_entry(error: BaseException | None) -> bool:
    from huggingface_hub.errors import EntryNotFoundError

    return isinstance(error, EntryNotFoundError)


def _explained(repository: str, name: str, error: Exception) -> Exception:
    """An exception of the hub's client as one of ours with one clear line; others unchanged."""
    from huggingface_hub import constants
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

    hub = f"the hub at {constants.ENDPOINT}"
    if isinstance(error, GatedRepoError):
        return CheckpointNotFound(f"accept the terms of {repository} on the hub, then run `hf auth login`")
    if isinstance(error, RepositoryNotFoundError):
        return CheckpointNotFound(f"{hub} has no repository {repository}, or it is private")
    if isinstance(error, RevisionNotFoundError):
        return CheckpointNotFound(f"{hub} no longer has the pinned revision of {repository}")
    if _is_missing_entry(error):
        return CheckpointNotFound(f"{hub} has no file {name} in {repository}")
    reason = str(error).strip().split("\n")[0] or type(error).__name__
    if isinstance(error, HfHubHTTPError):
        return MachineError(f"{hub} refused {repository}: {reason}")
    # Versions of the client use different HTTP libraries.
    libraries = {parent.__module__.partition(".")[0] for parent in type(error).__mro__}
    if isinstance(error, (ConnectionError, TimeoutError)) or libraries & {"requests", "httpx", "httpx2"}:
        return MachineError(f"{hub} cannot be reached: {reason}; run it again to continue")
    return error
