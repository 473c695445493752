"""One window of Chromium for a module, and the page of a gallery in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from a_gallery import build
from chromium import Browser, chromium
from gallery_page import open_page

from manifests import fragment_paths
from posepipe import manifest
from posepipe.__main__ import main


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("chromium")) as window:
        yield window


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gallery of poses with a lost picture, flags and failures."""
    out = build(tmp_path_factory.mktemp("gallery of 100% #1?"))
    (out / "sitting_down.png").unlink()
    table = manifest.read_table(out.parent / "manifest")
    rows = table.to_pylist()
    rows[0] |= {"flags": "unsure", "height": 9.0}
    rows[1] |= {"flags": "bones,off_floor", "height": 8.0}
    rows[4] |= {"error": "nothing"}
    manifest.write_fragment(out.parent / "manifest", rows, "again", fsync=False)
    for path in fragment_paths(out.parent / "manifest"):
        if not path.name.startswith("again"):
            path.unlink()
    assert main(["gallery", str(out), "--no-sheets"]) == 0
    return out.parent / "SinglePose_gallery" / "index.html"


@pytest.fixture
def opened(browser: Browser, page: Path) -> Iterator[Browser]:
    """The browser on that page; fails if the page or the browser complains."""
    browser.open("about:blank")
    browser.requests(), browser.complaints()
    open_page(browser, page)
    yield browser
    assert not [line for line in browser.complaints() if "sitting_down.png" not in line]
