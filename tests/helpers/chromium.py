"""A client for headless Chromium through chromedriver's protocol (W3C WebDriver: JSON over HTTP on loopback).

The tests need only a small part of the protocol, so there is no dependency on a client library.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
KEYS = {"Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015", "Escape": "\ue00c", "Enter": "\ue007"}
KEYS |= {"Tab": "\ue004", "Home": "\ue011", "End": "\ue010", "PageDown": "\ue00f", "Shift": "\ue008"}
_LOOPBACK = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Browser:
    """One window of Chromium."""

    def __init__(self, driver: str, profile: Path, size: tuple[int, int]) -> None:
        options = {"args": [*FLAGS, f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}"]}
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
        }
        self._base = driver
        session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.version: str = session["capabilities"]["browserVersion"]
        self._base = f"{driver}/session/{session['sessionId']}"
        self.cdp("Emulation.setFocusEmulationEnabled", enabled=True)

    def _ask(self, method: str, path: str, content: object = None) -> Any:
        sent = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self._base + path, sent, {"Content-Type": "application/json"}, method=method)
        try:
            with _LOOPBACK.open(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from None

    def open(self, page: Path | str) -> None:
        """Open a page by its address, or by its path in the file system."""
        self._ask("POST", "/url", {"url": page.resolve().as_uri() if isinstance(page, Path) else page})

    def run(self, script: str, *arguments: object) -> Any:
        """Run the body of a JavaScript function; returns its value."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, expression: str, seconds: float = 20) -> Any:
        """Wait until a JavaScript expression is true; returns its value."""
        limit = time.monotonic() + seconds
        while not (value := self.run(f"return {expression}")):
            assert time.monotonic() < limit, f"in vain: {expression}"
            time.sleep(0.02)
        return value

    def cdp(self, command: str, **parameters: object) -> Any:
        """Send a command of the DevTools protocol."""
        return self._ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def press(self, *names: str, with_shift: bool = False) -> None:
        """Press keys, given by a name in KEYS or as characters."""
        steps: list[dict[str, str]] = []
        for name in names:
            key = KEYS.get(name, name)
            steps += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        if with_shift:
            steps = [{"type": "keyDown", "value": KEYS["Shift"]}, *steps, {"type": "keyUp", "value": KEYS["Shift"]}]
        self._act({"type": "key", "id": "keys", "actions": steps})

    def drag(self, start: Sequence[float], end: Sequence[float], pointer: str = "mouse") -> None:
        """Press at one point of the window, move to another in two steps, and release; ``touch`` is a finger."""
        middle = [(a + b) / 2 for a, b in zip(start, end, strict=True)]
        moves = [{"type": "pointerMove", "duration": 20, "x": round(x), "y": round(y)} for x, y in (start, middle, end)]
        down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        actions = [moves[0], down, *moves[1:], up]
        self._act({"type": "pointer", "id": pointer, "parameters": {"pointerType": pointer}, "actions": actions})

    def click(self, selector: str) -> None:
        """Click the centre of the first element that matches a CSS selector."""
        x, y = self.middle(selector)
        self.drag((x, y), (x, y))

    def middle(self, selector: str) -> tuple[float, float]:
        """Scroll an element into view; returns its centre in the window."""
        script = (
            "const e = document.querySelector(arguments[0]); e.scrollIntoView({block: 'nearest'});"
            "const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]"
        )
        x, y = self.run(script, selector)
        return x, y

    def _act(self, source: dict[str, object]) -> None:
        self._ask("POST", "/actions", {"actions": [source]})
        self._ask("DELETE", "/actions")

    def picture(self) -> bytes:
        """A screenshot of the window as PNG."""
        return base64.b64decode(self._ask("GET", "/screenshot"))

    def requests(self) -> list[str]:
        """Addresses requested since the last call."""
        messages = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]

    def complaints(self) -> list[str]:
        """Warnings and errors of the page and the browser since the last call."""
        return [entry["message"] for entry in self._log("browser")]

    def _log(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self._ask("POST", "/se/log", {"type": kind})
        return entries

    def close(self) -> None:
        self._ask("DELETE", "")


@contextlib.contextmanager
def chromium(profile: Path, size: tuple[int, int] = (1280, 900)) -> Iterator[Browser]:
    """Start a driver and a window with a new profile in this folder."""
    driver, port = _start_driver()
    try:
        browser = Browser(f"http://127.0.0.1:{port}", profile, size)
        try:
            yield browser
        finally:
            browser.close()
    finally:
        driver.terminate()
        driver.wait(10)
        if driver.stdout:
            driver.stdout.close()


def _start_driver() -> tuple[subprocess.Popen[str], str]:
    """Start chromedriver; the port that it chose may be taken on one of its two addresses, and then it exits."""
    for _ in range(5):
        driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert driver.stdout
        ready = (re.search(r"started successfully on port (\d+)", line) for line in driver.stdout)
        port = next((found[1] for found in ready if found), None)
        if port is not None:
            return driver, port
        driver.wait(10)
        driver.stdout.close()
    raise AssertionError("chromedriver did not start")
