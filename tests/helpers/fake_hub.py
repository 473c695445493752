"""A Hugging Face hub on loopback, for ``HF_ENDPOINT``, that can also serve other files by path.

As on the hub, a request for a large file (by its suffix) is answered with a redirect to another server, and with the
length and checksum of the file; small files are served directly.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = (".zip", ".bin", ".safetensors")
_BLOCK = 1 << 20

Content = bytes | Path


@dataclass
class Hub:
    """Repositories by name, each a dictionary of contents by path; and the requests that were made.

    Attributes
    ----------
    repositories : dict
        Contents are bytes, or a file on disk.
    revisions : dict
        The only commit that a repository has; :data:`COMMIT` by default. ``main`` always works.
    raw : dict
        Contents by the path of their address.
    cut : dict
        By file name, how many bytes are sent in one answer before the connection is dropped.
    tampered : dict
        By file name, the bytes that are sent in place of the content.
    refuse : dict
        Status codes by repository; 403 means that terms must be accepted.
    fail_once : dict
        Status codes by file name, for the first request that downloads it.
    requests : list
        Method, path and range of each request.
    """

    repositories: dict[str, dict[str, Content]]
    revisions: dict[str, str] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)
    tampered: dict[str, bytes] = field(default_factory=dict)
    refuse: dict[str, int] = field(default_factory=dict)
    fail_once: dict[str, int] = field(default_factory=dict)
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    address: str = ""
    content_address: str = ""

    def downloads(self, name: str) -> list[str | None]:
        """Ranges of the requests that brought content of a file of this name."""
        paths = (f"/cdn/{name}", f"/{name}")
        return [
            asked
            for method, path, asked in self.requests
            if method == "GET" and path.endswith(paths) and not (name.endswith(LARGE) and "/resolve/" in path)
        ]


def _length(content: Content) -> int:
    return content.stat().st_size if isinstance(content, Path) else len(content)


_CHECKSUMS: dict[Path, str] = {}


def sha256(content: Content) -> str:
    """Checksum of a content; that of a file on disk is computed once."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    if content not in _CHECKSUMS:
        with content.open("rb") as file:
            _CHECKSUMS[content] = hashlib.file_digest(file, "sha256").hexdigest()
    return _CHECKSUMS[content]


def _blocks(content: Content, start: int, end: int) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content[start:end]
        return
    with content.open("rb") as file:
        file.seek(start)
        while start < end and (block := file.read(min(_BLOCK, end - start))):
            start += len(block)
            yield block


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

        def do_HEAD(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            hub.requests.append((self.command, self.path, self.headers.get("Range")))
            path = self.path.partition("?")[0].replace("%2F", "/")
            if match := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
                self._resolve(*match.groups())
            elif match := re.fullmatch(r"/([^/]+/[^/]+)/cdn/(.+)", path):
                self._content(match[2], hub.repositories[match[1]][match[2]])
            elif path in hub.raw:
                self._content(path.rpartition("/")[2], hub.raw[path])
            else:
                self._send(404)

        def _send(self, status: int, content: bytes = b"{}", **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        def _resolve(self, repository: str, revision: str, path: str) -> None:
            commit = hub.revisions.get(repository, COMMIT)
            if status := hub.refuse.get(repository):
                code = {"X_Error_Code": "GatedRepo"} if status == 403 else {}
                self._send(status, json.dumps({"error": "no"}).encode(), **code)
            elif repository not in hub.repositories:
                self._send(404, X_Error_Code="RepoNotFound")
            elif revision not in ("main", commit):
                self._send(404, X_Error_Code="RevisionNotFound")
            elif path not in hub.repositories[repository]:
                self._send(404, X_Error_Code="EntryNotFound", X_Repo_Commit=commit)
            else:
                self._file(repository, commit, path)

        def _file(self, repository: str, commit: str, path: str) -> None:
            content = hub.repositories[repository][path]
            headers = {"X_Repo_Commit": commit, "Accept_Ranges": "bytes"}
            if path.endswith(LARGE):
                headers |= {"X_Linked_Size": str(_length(content)), "X_Linked_Etag": f'"{sha256(content)}"'}
                self._send(302, b"", Location=f"{hub.content_address}/{repository}/cdn/{path}", **headers)
            else:
                assert isinstance(content, bytes), "a file on disk must have the suffix of a large file"
                self._content(path, content, ETag=f'"{hashlib.sha1(content).hexdigest()}"', **headers)

        def _content(self, path: str, content: Content, **headers: str) -> None:
            """The content from where the request's range begins."""
            name = path.rpartition("/")[2]
            if self.command == "GET" and name in hub.fail_once:
                self._send(hub.fail_once.pop(name))
                return
            content = hub.tampered.get(name, content)
            length = _length(content)
            start = 0
            if match := re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or ""):
                start = int(match[1])
                if start >= length:
                    self._send(416, Content_Range=f"bytes */{length}")
                    return
                headers["Content_Range"] = f"bytes {start}-{length - 1}/{length}"
            self.send_response(206 if start else 200)
            for key, value in headers.items():
                self.send_header(key.replace("_", "-"), value)
            self.send_header("Content-Length", str(length - start))
            self.end_headers()
            if self.command == "HEAD":
                return
            end = min(start + hub.cut.get(name, length), length)
            for block in _blocks(content, start, end):
                self.wfile.write(block)
            if end < length:
                self.wfile.flush()
                self.close_connection = True

    return Handler


@contextmanager
def serve(hub: Hub) -> Iterator[Hub]:
    """The hub on a free port while the block runs, and the server of its archives on another."""
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub)) for _ in range(2)]
    threads = [Thread(target=server.serve_forever, args=(0.05,), daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    hub.address, hub.content_address = (f"http://127.0.0.1:{server.server_address[1]}" for server in servers)
    try:
        yield hub
    finally:
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()
