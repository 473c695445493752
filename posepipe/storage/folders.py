"""A folder of files, on the local file system or below an address of an object store, with the same methods for both.

Addresses are opened through fsspec, as paths of universal_pathlib. An object that is put there appears whole, so
nothing is written aside, and every error of its library becomes a :class:`~posepipe.errors.MachineError`.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, ClassVar, cast

from posepipe.errors import MachineError, PosepipeError, UnsafePath, cannot_be_written
from posepipe.storage import atomic


def stays_inside(name: str) -> bool:
    """Whether a name, possibly with slashes, is one of a file below a folder.

    >>> stays_inside("a8/arching_back.npy"), stays_inside("../x"), stays_inside("/etc/x"), stays_inside("a//b")
    (True, False, False, False)
    """
    return "\0" not in name and not {"", ".", ".."}.intersection(name.split("/"))


def _leads_out(path: Path, folder: Path) -> bool:
    """Whether a path in a local folder is a symbolic link that leads out of it."""
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


class Folder(ABC):
    """A folder of files, addressed by names relative to it.

    Attributes
    ----------
    path : Path
        The folder; for an address a path of universal_pathlib.
    is_local : bool
    """

    is_local: ClassVar[bool]

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def absolute(self) -> str:
        """The folder in the form that means the same from every working folder."""
        return os.path.realpath(self.path) if self.is_local else str(self.path).rstrip("/")

    def at(self, name: str) -> Path:
        """The path of a file in the folder. Every method that takes a name uses it.

        Raises
        ------
        UnsafePath
            The name leads out of the folder.
        """
        if not stays_inside(name):
            raise UnsafePath(f"{name!r:.200}: leads out of {self}; a path of a manifest must stay in it")
        path = self.path / name
        for folder in list(path.parents)[: name.count("/")] if self.is_local else ():
            if _leads_out(folder, self.path):
                raise UnsafePath(f"{name}: the link {folder} leads out of {self}; a path of a manifest must stay in it")
        return path

    @abstractmethod
    def errors(self, name: str = "") -> contextlib.AbstractContextManager[None]:
        """Convert the errors of the file system's library in a block about a file to ours."""

    @abstractmethod
    def is_folder(self) -> bool:
        """Whether the folder is there."""

    @abstractmethod
    def make(self) -> None:
        """Make the folder, with its parents, where it is missing."""

    @abstractmethod
    def file_names(self) -> list[str]:
        """Names of the files directly in the folder, sorted."""

    @abstractmethod
    def walk(self, descend: Callable[[str], bool]) -> Iterator[str]:
        """Names of all files in the folder, without those that begin with a dot.

        ``descend(name)`` says whether a name is a folder of artifacts (or a shard); the files in it are given, not
        the name itself. Any other folder is given as one name.
        """

    @abstractmethod
    def exists(self, name: str) -> bool:
        """Whether there is a file of this name (or a link, wherever it leads)."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """The bytes of a file; FileNotFoundError where there is none."""

    @abstractmethod
    def read_part(self, name: str, start: int, length: int) -> bytes:
        """``length`` bytes of a file from ``start``, or fewer at its end."""

    @abstractmethod
    def open(self, name: str) -> contextlib.AbstractContextManager[Path | IO[bytes]]:
        """What pyarrow opens: a path where the folder is local, else a stream."""

    @abstractmethod
    def stream_to(
        self, name: str, *, aside: Folder | None = None, fsync: bool
    ) -> contextlib.AbstractContextManager[IO[bytes]]:
        """A stream to write a file to, which appears whole when the block ends."""

    @abstractmethod
    def take(self, source: str | Path, name: str) -> None:
        """Move a finished local file into the folder."""

    @abstractmethod
    def rename(self, name: str, to: str, *, into: Folder | None = None) -> None:
        """Give a file another name in the folder, or in another one of the same file system or object store."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Delete a file; nothing happens where there is none."""

    @abstractmethod
    def free_bytes(self) -> int | None:
        """Free space in bytes; None where it is unlimited or unknown."""

    @abstractmethod
    def beside(self) -> Folder:
        """A hidden folder next to this one, for what readers of this one must not find.

        It lies on the same file system, so that files can be moved between the two.
        """

    def write(self, name: str, content: bytes, *, aside: Folder | None = None, fsync: bool = False) -> None:
        """Write a file whole. ``aside``: the folder where it is written first, by default this one."""
        with self.stream_to(name, aside=aside, fsync=fsync) as stream:
            stream.write(content)

    def probe(self) -> None:
        """Write an empty file and delete it.

        Raises
        ------
        MachineError
            The folder cannot be written.
        """
        name = f"{atomic.OWN}probe-{uuid.uuid4().hex}"
        with cannot_be_written(self.path):
            try:
                self.write(name, b"")
            except FileNotFoundError as error:
                if self.is_local:
                    raise
                raise MachineError(f"{self}: not there; make the bucket first") from error
            self.delete(name)


class LocalFolder(Folder):
    """A folder of the local file system."""

    is_local = True

    def errors(self, name: str = "") -> contextlib.AbstractContextManager[None]:
        """No conversion is needed: OSError says what is wrong."""
        return contextlib.nullcontext()

    def is_folder(self) -> bool:
        """Whether the folder is there."""
        return self.path.is_dir()

    def make(self) -> None:
        """Make the folder, with its parents, where it is missing."""
        self.path.mkdir(parents=True, exist_ok=True)

    def file_names(self) -> list[str]:
        """Names of the files directly in the folder, sorted; none where the folder is missing."""
        try:
            return sorted(os.listdir(self.path))  # noqa: PTH208
        except FileNotFoundError:
            return []

    def walk(self, descend: Callable[[str], bool]) -> Iterator[str]:
        """See :meth:`Folder.walk`."""
        if self.path.is_dir():
            yield from self._walk("", descend)

    def _walk(self, inside: str, descend: Callable[[str], bool]) -> Iterator[str]:
        with os.scandir(self.path / inside) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                name = inside + entry.name
                if not descend(name) or _leads_out(Path(entry.path), self.path):
                    yield name
                elif entry.is_dir():
                    yield from self._walk(f"{name}/", descend)

    def exists(self, name: str) -> bool:
        """Whether there is a file of this name (or a link, wherever it leads)."""
        return os.path.lexists(self._text(name))

    def _text(self, name: str) -> str:
        """As :meth:`at`, as text: to make a Path takes longer than most calls that use it."""
        if "/" in name or not stays_inside(name):
            return str(self.at(name))
        return f"{self.path}/{name}"

    def read(self, name: str) -> bytes:
        """The bytes of a file; FileNotFoundError where there is none."""
        return self.at(name).read_bytes()

    def read_part(self, name: str, start: int, length: int) -> bytes:
        """``length`` bytes of a file from ``start``, or fewer at its end."""
        with self.at(name).open("rb") as stream:
            stream.seek(start)
            return stream.read(length)

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[Path | IO[bytes]]:
        """The path of a file."""
        yield self.at(name)

    @contextlib.contextmanager
    def stream_to(self, name: str, *, aside: Folder | None = None, fsync: bool) -> Iterator[IO[bytes]]:
        """A stream to write a file to, which is moved in place when the block ends."""
        temporary = aside.at(f"{name}.tmp") if aside is not None else None
        with atomic.stream_to(self.at(name), aside=temporary, fsync=fsync) as stream:
            yield stream

    def beside(self) -> Folder:
        """See :meth:`Folder.beside`. Where there can be no such folder, it is a hidden one inside this one."""
        here = self.path.resolve()
        folder = here.with_name(f".{here.name}.posepipe")
        try:
            folder.mkdir(exist_ok=True)
            if folder.stat().st_dev == here.stat().st_dev and os.access(folder, os.W_OK):
                return LocalFolder(folder)
        except OSError:
            pass
        inside = here / ".posepipe"
        inside.mkdir(exist_ok=True)
        return LocalFolder(inside)

    def take(self, source: str | Path, name: str) -> None:
        """Move a finished file of the same file system into the folder."""
        atomic.move(source, self._text(name))

    def rename(self, name: str, to: str, *, into: Folder | None = None) -> None:
        """See :meth:`Folder.rename`; the folder of the new name is made."""
        target = (into or self).at(to)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.at(name).rename(target)

    def delete(self, name: str) -> None:
        """Delete a file; nothing happens where there is none."""
        self.at(name).unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """Free bytes on the file system of the folder, or of its nearest parent that exists."""
        folder = Path(self.absolute)
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free


class RemoteFolder(Folder):
    """What lies below an address of an object store. There are no folders: a name may hold slashes."""

    is_local = False

    def errors(self, name: str = "") -> contextlib.AbstractContextManager[None]:
        """Convert the errors of the object store's library in a block about an object to ours."""
        return _store_errors(self.at(name) if name else self.path)

    def is_folder(self) -> bool:
        """Whether an object lies below the address."""
        with self.errors():
            return self.path.is_dir()

    def make(self) -> None:
        """Nothing needs to be made."""

    def file_names(self) -> list[str]:
        """Names of the objects directly below the address, sorted."""
        with self.errors():
            return sorted(path.name for path in self.path.iterdir()) if self.path.exists() else []

    def walk(self, descend: Callable[[str], bool]) -> Iterator[str]:
        """See :meth:`Folder.walk`."""
        return (name for name in self.names_below() if not name.startswith(".") and not descend(name))

    def names_below(self) -> Iterator[str]:
        """Names of all objects below the address, hidden ones too."""
        fs, here = self._opened("")
        with self.errors():
            try:
                found = fs.find(here)
            except FileNotFoundError:
                found = []
        start = len(fs._strip_protocol(here).rstrip("/")) + 1
        yield from (name[start:] for name in found)

    def exists(self, name: str) -> bool:
        """Whether there is an object of this name."""
        with self.errors(name):
            return self.at(name).exists()

    def read(self, name: str) -> bytes:
        """The bytes of an object; FileNotFoundError where there is none."""
        with self.errors(name):
            return self.at(name).read_bytes()

    def read_part(self, name: str, start: int, length: int) -> bytes:
        """Some bytes of an object; no more of it is fetched, whereas a stream would read ahead."""
        fs, there = self._opened(name)
        with self.errors(name):
            return bytes(fs.cat_file(there, start=start, end=start + length))

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[Path | IO[bytes]]:
        """A stream of an object."""
        with self.errors(name), self.at(name).open("rb") as stream:
            yield stream

    def beside(self) -> Folder:
        """See :meth:`Folder.beside`; nothing needs to be made."""
        return RemoteFolder(self.path.parent / f".{self.path.name}.posepipe")

    @contextlib.contextmanager
    def stream_to(self, name: str, *, aside: Folder | None = None, fsync: bool) -> Iterator[IO[bytes]]:
        """A stream in memory, which becomes an object when the block ends."""
        content = io.BytesIO()
        yield content
        self._put(name, content.getvalue())

    def take(self, source: str | Path, name: str) -> None:
        """Put a local file as an object, and delete it here."""
        fs, there = self._opened(name)
        with self.errors(name):
            fs.put_file(str(source), there)
        Path(source).unlink()

    def rename(self, name: str, to: str, *, into: Folder | None = None) -> None:
        """See :meth:`Folder.rename`."""
        with self.errors(name):
            self.at(name).rename((into or self).at(to))

    def delete(self, name: str) -> None:
        """Delete an object; nothing happens where there is none."""
        with contextlib.suppress(FileNotFoundError), self.errors(name):
            self.at(name).unlink()

    def free_bytes(self) -> None:
        """None: unknown."""
        return

    def create(self, name: str, content: bytes) -> None:
        """Put an object; fails where there is one already."""
        fs, there = self._opened(name)
        with self.errors(name):
            fs.pipe_file(there, content, mode="create")

    def modified(self, name: str) -> float:
        """When an object was put, in seconds since 1970 by the clock of the server."""
        fs, there = self._opened(name)
        with self.errors(name):
            return float(fs.modified(there).timestamp())

    def _put(self, name: str, content: bytes) -> None:
        fs, there = self._opened(name)
        with self.errors(name):
            fs.pipe_file(there, content)

    def _opened(self, name: str) -> tuple[Any, str]:
        """The fsspec file system, and the object's path in it."""
        path = cast(Any, self.at(name) if name else self.path)
        return path.fs, path.path


@contextlib.contextmanager
def _store_errors(place: object) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        if error.errno is not None:
            raise
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(place)) from error
    except (PosepipeError, ValueError):
        raise
    except Exception as error:  # each library has exception classes of its own
        raise MachineError(f"{place}: {type(error).__name__}: {str(error)[:300]}") from error
