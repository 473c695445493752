"""A small Hugging Face hub on loopback, for ``HF_ENDPOINT``."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """Repositories by name, each files by path; and what was asked for.

    ``cut`` holds how many bytes of a path are sent before the line is dropped; ``refuse`` status codes by repository.
    """

    repositories: dict[str, dict[str, bytes]]
    cut: dict[str, int] = field(default_factory=dict)
    refuse: dict[str, int] = field(default_factory=dict)
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    address: str = ""


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, *, body: bool) -> None:
            hub.requests.append((self.command, self.path, self.headers.get("Range")))
            path = self.path.partition("?")[0].replace("%2F", "/")
            if match := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/(revision|tree)/[^/]+(?:/.*)?)?", path):
                self._about(match[1], match[2])
            elif match := re.fullmatch(r"/([^/]+/[^/]+)/resolve/[^/]+/(.+)", path):
                self._file(match[1], match[2], body=body)
            else:
                self._send(404, b"{}")

        def _send(self, status: int, content: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        def _missing(self, repository: str) -> bool:
            if status := hub.refuse.get(repository):
                code = {"X_Error_Code": "GatedRepo"} if status == 403 else {}
                self._send(status, b'{"error": "no"}', **code)
            elif repository not in hub.repositories:
                self._send(404, b'{"error": "Repository not found"}', X_Error_Code="RepoNotFound")
            else:
                return False
            return True

        def _about(self, repository: str, kind: str | None) -> None:
            if self._missing(repository):
                return
            files = hub.repositories[repository]
            if kind == "tree":
                about: object = [
                    {"type": "file", "path": path, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
                    for path, content in files.items()
                ]
            else:
                about = {
                    "id": repository,
                    "modelId": repository,
                    "sha": COMMIT,
                    "private": False,
                    "tags": [],
                    "downloads": 0,
                    "likes": 0,
                    "siblings": [{"rfilename": path} for path in files],
                }
            self._send(200, json.dumps(about).encode(), Content_Type="application/json")

        def _file(self, repository: str, path: str, *, body: bool) -> None:
            if self._missing(repository):
                return
            content = hub.repositories[repository].get(path)
            if content is None:
                self._send(404, b"{}", X_Error_Code="EntryNotFound")
                return
            status, start = 200, 0
            headers = {
                "ETag": f'"{hashlib.sha1(content).hexdigest()}"',
                "X_Repo_Commit": COMMIT,
                "Accept_Ranges": "bytes",
            }
            if body and (match := re.fullmatch(r"bytes=(\d+)-.*", self.headers.get("Range") or "")):
                status, start = 206, int(match[1])
                headers["Content_Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            if body and path in hub.cut and start == 0:
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[: hub.cut[path]])
                self.wfile.flush()
                self.close_connection = True
                return
            self._send(status, content[start:], **headers)

    return Handler


@contextmanager
def serve(hub: Hub) -> Iterator[Hub]:
    """Serve the hub on a free port within the ``with`` block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
