"""What the tests of the gallery's page do in the browser, and read from it."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
from a_gallery import CAPTIONS
from chromium import Browser
from PIL import Image

from posepipe.picture import colours

SHOWN = [caption.replace("\u202e", "⟨U+202E⟩").replace("\u202c", "⟨U+202C⟩") for caption in CAPTIONS]
"""The captions of a_gallery.py as the page shows them."""


def open_page(browser: Browser, page: Path | str) -> None:
    """Open a gallery and wait until all rows are loaded."""
    browser.open(page)
    browser.wait("document.getElementById('count').textContent.match(/ of [0-9,]+$/)")
    browser.wait("document.querySelector('.cell') || !document.getElementById('nothing').hidden")


def captions(browser: Browser) -> list[str]:
    """Captions in the grid, in order."""
    script = """return [...document.querySelectorAll('#space .cell')]
        .sort((a, b) => a.dataset.place - b.dataset.place).map((cell) => cell.querySelector('.words').textContent)"""
    found: list[str] = browser.run(script)
    return found


def choose(browser: Browser, control: str, value: str) -> None:
    """Make a choice of a control, or search."""
    browser.run(
        "const c = document.getElementById(arguments[0]); c.value = arguments[1]; c.dispatchEvent(new Event('input'))",
        control,
        value,
    )


def text(browser: Browser, selector: str) -> str:
    """The text of the first element that matches."""
    found: str = browser.run("return document.querySelector(arguments[0]).textContent", selector)
    return found


def open_pose(browser: Browser, place: int) -> None:
    """Open the large view of a pose in the grid, and wait for its fields."""
    browser.run(f"document.querySelector('.cell[data-place=\"{place}\"]').click()")
    browser.wait("document.querySelectorAll('#fields tr').length")


def canvas(browser: Browser) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """What the 3D view shows, RGB."""
    browser.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")
    address: str = browser.run("return document.querySelector('#turn canvas').toDataURL()")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB"))


def near(pixels: np.ndarray[Any, Any], colour: colours.RGB) -> np.ndarray[Any, Any]:
    """Where pixels have about this colour, or a pale tint of it."""
    wanted = [np.array(colours.mix(colour, colours.WHITE, share)) for share in (0.0, 0.1, 0.2, 0.3)]
    close: np.ndarray[Any, Any] = np.min([np.abs(pixels - tint).max(-1) for tint in wanted], axis=0) < 14
    return close


def dark(browser: Browser, scheme: str) -> None:
    """Prefer the ``dark`` or the ``light`` scheme."""
    browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
