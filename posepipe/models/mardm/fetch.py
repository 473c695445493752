"""``posepipe models fetch``: bring all files of an official model into a checkpoints folder, in the form it is loaded.

Finished files are in the official layout (``t2m/.../*.safetensors``), CLIP and the statistics beside them. Downloads
and unpacked archives are in the hidden folder ``.fetch`` until they are no longer needed. What was fetched from where
is recorded in ``fetched.json``.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from posepipe.errors import CheckpointError, CheckpointNotFound, LockedError, MachineError
from posepipe.models.mardm import hub_files
from posepipe.models.mardm.archives import extract, find_member
from posepipe.models.mardm.download import download, sha256_of
from posepipe.models.mardm.files import Survey, survey
from posepipe.models.mardm.hub import HubFile, locate, locate_first
from posepipe.models.mardm.hub_files import Archive, Kind
from posepipe.storage.atomic import write_bytes

_UNPACKED: Final = 1.1
"""Length of a weight file over the length of its archive, at most; weights can hardly be compressed."""
_KEPT: Final = 0.5
"""Length of the tensors that are kept over the length of the archive, at most; the rest is the optimizer's state."""


class Reporter(Protocol):
    """What :func:`fetch` tells its caller; see :class:`posepipe.models.download_report.TerminalReporter`."""

    def say(self, line: str) -> None:
        """A line about what is done."""

    def bytes_of(self, what: str, total: int | None) -> contextlib.AbstractContextManager[Callable[[int], None]]:
        """Progress of one step, in bytes."""


def gigabytes(size: float) -> str:
    """A length in bytes for people: ``4.3 GB``."""
    return f"{size / 1e9:.1f} GB" if size >= 5e7 else "under 0.1 GB"


def fetch(
    kind: Kind,
    checkpoints: Path,
    reporter: Reporter,
    *,
    keep_archives: bool = False,
    statistics_url: str | None = None,
) -> list[str]:
    """Bring what a model lacks; what is there already is left as it is.

    Parameters
    ----------
    kind : {"sit", "ddpm"}
        Which of the official models.
    checkpoints : Path
        The checkpoints folder, or the folder ``t2m`` in it; made if missing.
    reporter : Reporter
        Is told what is done.
    keep_archives : bool
        Keep the downloaded archives and the unpacked weight files.
    statistics_url : str, optional
        Folder of the statistics; :data:`~posepipe.models.mardm.hub_files.STATISTICS_URL` by default.

    Returns
    -------
    list of str
        What the hub does not have, one line each.

    Raises
    ------
    CheckpointError
        A file has another checksum or is not what it should be.
    LockedError
        Another process fetches into the same folder.
    MachineError
        A server cannot be reached, the disk is full or too small. The next call continues.
    """
    work = checkpoints / ".fetch"
    with _making(work):
        work.mkdir(parents=True, exist_ok=True)
    with _locked(work):
        job = _Fetch(checkpoints, work, survey(checkpoints), reporter, keep_archives)
        job.plan(kind, statistics_url or hub_files.STATISTICS_URL)
        job.check_space(f"mardm-{kind}-xl")
        for step in job.steps:
            step.make()
    with contextlib.suppress(OSError):
        (work / "lock").unlink()
        work.rmdir()  # stays if a download was not finished
    return job.lost


@dataclass(frozen=True)
class _Step:
    """One part to bring: bytes to download, bytes of disk that it needs while it is made and afterwards."""

    download: float
    needs: float
    keeps: float
    make: Callable[[], None]


@dataclass
class _Fetch:
    """One call of :func:`fetch`."""

    checkpoints: Path
    work: Path
    found: Survey
    reporter: Reporter
    keep: bool
    steps: list[_Step] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def plan(self, kind: Kind, statistics_url: str) -> None:
        """List the steps, with the lengths that the hub reports; the large archive comes last."""
        if not self.found.statistics:
            self.steps.append(_Step(0, 0, 0, lambda: self._fetch_statistics(statistics_url)))
        plans: list[Callable[[], None]] = [self._plan_clip]
        plans += [lambda archive=archive: self._plan_archive(archive) for archive in hub_files.archives(kind)]  # type: ignore[misc]
        for plan in plans:
            try:
                plan()
            except CheckpointNotFound as error:
                self.lost.append(str(error))

    def check_space(self, model: str) -> None:
        """Raise MachineError if the disk has not the space that the steps need, one after the other."""
        if not self.steps:
            return
        needed = kept = 0.0
        for step in self.steps:
            needed = max(needed, kept + step.needs)
            kept += step.keeps
        free = shutil.disk_usage(self.work).free
        amounts = f"{gigabytes(needed)} of free space needed, {gigabytes(free)} free"
        if needed > free:
            raise MachineError(
                f"{model} does not fit into {self.checkpoints}: {amounts}. "
                "Make room, or give --checkpoints a folder on another disk"
            )
        to_download = sum(step.download for step in self.steps)
        self.reporter.say(f"{model}: {gigabytes(to_download)} to download; {amounts}")

    def place(self, relative: str) -> Path:
        """A path of the official layout in this checkpoints folder."""
        return self.checkpoints / (relative.removeprefix("t2m/") if self.checkpoints.name == "t2m" else relative)

    def _download(self, file: HubFile, target: Path) -> None:
        partial = self.work / f"{target.name}.{file.revision[:12]}.part"
        with self.reporter.bytes_of(f"{file.repository}: {file.name}", file.size) as advance:
            download(
                file.url,
                target,
                partial=partial,
                size=file.size,
                sha256=file.sha256,
                token=file.token,
                advance=advance,
            )

    # Statistics

    def _fetch_statistics(self, url: str) -> None:
        for name, sha256 in hub_files.STATISTICS_SHA256.items():
            target = self.place(f"t2m/{name}")
            with _making(target):
                target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                download(f"{url}/{name}", target, partial=self.work / f"{name}.part", sha256=sha256)
        self.reporter.say(f"statistics -> {self.place('t2m/eval_mean.npy')} and eval_std.npy, checksums as pinned")

    # CLIP

    def _plan_clip(self) -> None:
        if self.found.clip is not None and self.found.clip.is_relative_to(self.found.root):
            return
        from posepipe.models.mardm.clip import WEIGHTS

        folder = self.checkpoints / hub_files.CLIP_FOLDER
        names = [name for name in hub_files.CLIP_FILES if not (folder / name).exists()]
        files = [locate(hub_files.CLIP_REPOSITORY, name, hub_files.CLIP_REVISION) for name in names]
        files.append(locate_first(hub_files.CLIP_REPOSITORY, WEIGHTS, hub_files.CLIP_REVISION))
        size = sum(file.size or 0 for file in files)
        self.steps.append(_Step(size, (1 + _KEPT) * size, _KEPT * size, lambda: self._fetch_clip(folder, files)))

    def _fetch_clip(self, folder: Path, files: list[HubFile]) -> None:
        from posepipe.models.mardm.clip import keep_text_encoder

        with _making(folder):
            folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            self._download(file, folder / file.name)
        keep_text_encoder(folder)
        self._record("clip", {"repository": hub_files.CLIP_REPOSITORY, "revision": hub_files.CLIP_REVISION})
        self.reporter.say(f"{hub_files.CLIP_REPOSITORY} -> {folder} (text encoder only)")

    # Archives

    def _plan_archive(self, archive: Archive) -> None:
        """Take the shortest way to a part: nothing, an unpacked file, an archive, or the hub."""
        present = self.found.parts.get(archive.part, ())
        unpacked = self.work / f"{archive.part}.tar"
        by_hand = [
            path for path in (self.checkpoints / archive.name, self.place(f"t2m/{archive.name}")) if path.exists()
        ]
        if present and present[0].suffix == ".safetensors":
            return
        target = (present[0] if present else self.place(archive.path)).with_suffix(".safetensors")
        if target.exists():
            raise CheckpointError(f"{target} is damaged or not what its name says: delete it and fetch again")
        if present:
            step = _Step(0, 0, 0, lambda: self._convert_in_place(archive, present[0]))
        elif unpacked.exists():
            step = _Step(0, 0, 0, lambda: self._finish(archive, unpacked))
        elif by_hand:
            size = by_hand[0].stat().st_size
            step = _Step(0, _UNPACKED * size, _KEPT * size, lambda: self._unpack(archive, by_hand[0], None))
        else:
            step = self._plan_download(archive)
        self.steps.append(step)

    def _plan_download(self, archive: Archive) -> _Step:
        revision = archive.revision or self._recorded().get(archive.part, {}).get("revision")
        file = locate(archive.repository, archive.name, revision)
        if revision is None:
            self._record(archive.part, {"repository": archive.repository, "revision": file.revision})
            self.reporter.say(
                f"no revision of {archive.repository} is pinned: taking {file.revision}, "
                f"which is recorded in {self.checkpoints / 'fetched.json'}"
            )
        size = file.size or 0
        partial = self.work / f"{archive.name}.{file.revision[:12]}.part"
        left = max(size - (partial.stat().st_size if partial.exists() else 0), 0)
        needs = left + _UNPACKED * size + (_KEPT * size if self.keep else 0)
        keeps = (1 + _UNPACKED + _KEPT) * size if self.keep else _KEPT * size
        return _Step(left, needs, keeps, lambda: self._fetch_archive(archive, file))

    def _fetch_archive(self, archive: Archive, file: HubFile) -> None:
        zipped = self.work / archive.name
        if not zipped.exists():
            self._download(file, zipped)
        self._unpack(archive, zipped, file)

    def _unpack(self, archive: Archive, zipped: Path, file: HubFile | None) -> None:
        """Take the weight file out of an archive; ``file`` is None for an archive that the user downloaded."""
        if file is None:
            self.reporter.say(f"using the archive {zipped}, which was not downloaded by this command")
        entry = find_member(zipped, archive.member)
        if entry.filename != archive.member:
            self.reporter.say(f"{zipped.name} has no {archive.member}: taking {entry.filename}")
        free = shutil.disk_usage(self.work).free
        if entry.file_size > free:
            raise MachineError(
                f"{zipped.name} cannot be unpacked: {gigabytes(entry.file_size)} of free space needed in "
                f"{self.checkpoints}, {gigabytes(free)} free; make room and run it again to continue"
            )
        unpacked = self.work / f"{archive.part}.tar"
        with self.reporter.bytes_of(f"unpacking {zipped.name}", entry.file_size) as advance:
            extract(zipped, entry, unpacked, advance)
        if file is not None:
            known = {"repository": file.repository, "revision": file.revision, "archive": file.name}
            size = {"bytes": zipped.stat().st_size, "sha256": file.sha256 or sha256_of(zipped)}
            self._record(archive.part, known | size)
        self._finish(archive, unpacked)

    def _finish(self, archive: Archive, unpacked: Path) -> None:
        """Write the tensors that are needed; remove the unpacked file and the archive, or keep both."""
        zipped = self.work / archive.name
        if zipped.exists() and not self.keep:
            zipped.unlink()  # before the tensors are written, so that less space is needed
        official = self.place(archive.path)
        target = official.with_suffix(".safetensors")
        self._convert(archive, unpacked, target)
        if self.keep and not official.exists():
            unpacked.rename(official)
        else:
            unpacked.unlink()
        if zipped.exists():
            zipped.rename(self.checkpoints / archive.name)
        self.reporter.say(f"{archive.repository} -> {target}")

    def _convert(self, archive: Archive, unpacked: Path, target: Path) -> None:
        """Write the tensors of an unpacked file.

        If that fails, a file with code in it goes to its official place, where the user can decide; others are removed.
        """
        from posepipe.models.mardm.tensors import HoldsCode

        official = self.place(archive.path)
        try:
            _convert(archive, unpacked, target)
        except HoldsCode as error:
            if official.exists():
                raise
            official.parent.mkdir(parents=True, exist_ok=True)
            unpacked.rename(official)
            raise CheckpointError(
                str(error)
                .replace(str(unpacked.parent), str(official.parent))
                .replace(str(official.parent / unpacked.name), str(official))
            ) from error
        except CheckpointError:
            unpacked.unlink()
            raise

    def _convert_in_place(self, archive: Archive, present: Path) -> None:
        """Write the tensors of a weight file of the user's beside it, and leave that file."""
        target = present.with_suffix(".safetensors")
        _convert(archive, present, target)
        self.reporter.say(f"{present} is there: its tensors -> {target}; {present.name} itself is no longer needed")

    # What was fetched

    def _recorded(self) -> dict[str, Any]:
        try:
            content = json.loads((self.checkpoints / "fetched.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def _record(self, part: str, what: dict[str, Any]) -> None:
        path = self.checkpoints / "fetched.json"
        with _making(path):
            write_bytes(path, (json.dumps({**self._recorded(), part: what}, indent=2) + "\n").encode())


def _convert(archive: Archive, source: Path, target: Path) -> None:
    """Write the tensors of a part as float32 to a safetensors file; CLIP's tensors in it are left out."""
    from posepipe.models.mardm.tensors import KEYS, is_finite, read_tensors, write_tensors

    tensors = read_tensors(source, *KEYS[archive.part])
    kept = {name: tensor.float() for name, tensor in tensors.items() if not name.startswith("clip_model.")}
    bad = [name for name, tensor in kept.items() if not is_finite(tensor)]
    if bad:
        raise CheckpointError(f"{source}: {len(bad)} tensors hold values that are not finite, such as {bad[0]}")
    write_tensors(target, kept)


@contextlib.contextmanager
def _making(path: Path) -> Iterator[None]:
    """Turn an OSError of the block, which makes ``path``, into MachineError."""
    try:
        yield
    except OSError as error:
        raise MachineError(f"{path} cannot be made: {error.strerror or error}") from error


@contextlib.contextmanager
def _locked(work: Path) -> Iterator[None]:
    """Hold the folder of downloads; another process that fetches into it is refused."""
    with (work / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(f"another process fetches into {work.parent}; wait until it has ended") from error
        except OSError:
            pass  # a file system without locks
        yield
