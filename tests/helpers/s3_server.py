"""An S3 server for the tests (moto in its own process), and a proxy that injects faults."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BUCKET = "poses"
_FRAMING = ("transfer-encoding", "content-length")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def serving() -> Iterator[str]:
    """Serve one empty bucket; yields the address."""
    port = free_port()
    code = (
        "import sys; from moto.server import DomainDispatcherApplication, create_backend_app; "
        "from werkzeug.serving import run_simple; "
        "app = DomainDispatcherApplication(create_backend_app); "
        "run_simple('127.0.0.1', int(sys.argv[1]), app, threaded=True)"
    )
    server = subprocess.Popen([sys.executable, "-c", code, str(port)], stderr=subprocess.DEVNULL)
    try:
        limit = time.monotonic() + 60
        while True:
            try:
                connection = HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("PUT", f"/{BUCKET}")
                assert connection.getresponse().status == 200
                break
            except OSError:
                assert server.poll() is None, "the S3 server ended"
                assert time.monotonic() < limit, "the S3 server does not answer"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def environment(address: str) -> dict[str, str]:
    """Environment variables that make the S3 clients of a process use this server."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def proxy(
    address: str, fault: Callable[[str, str, int], float] = lambda *_: 0, sent: list[int] | None = None
) -> Iterator[str]:
    """A proxy in front of a server.

    Parameters
    ----------
    fault : callable
        Takes method, path and the request's number; gives 0 to let it pass, seconds below 100 to wait before, or
        the status to answer with instead.
    sent : list, optional
        Takes the bytes of each answer.
    """
    host, _, port = address.removeprefix("http://").partition(":")
    lock, numbers = threading.Lock(), iter(range(10**9))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self._body()
            with lock:
                number = next(numbers)
            what = fault(self.command, self.path, number)
            if what >= 100:
                self._answer(int(what), [], b"<Error><Code>InternalError</Code></Error>")
                return
            time.sleep(what)
            connection = HTTPConnection(host, int(port), timeout=60)
            headers = {
                k: v for k, v in self.headers.items() if k.lower() not in ("transfer-encoding", "content-length")
            }
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            kept = [
                (k, v) for k, v in answer.getheaders() if k.lower() not in ("transfer-encoding", "connection", "date")
            ]
            self._answer(answer.status, kept, content)

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            if not any(name.lower() == "content-length" for name, _ in headers):
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                if sent is not None:
                    sent.append(len(content))
                self.wfile.write(content)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _pass

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
