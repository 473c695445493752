"""The gallery's page in real Chromium, from the file system: search, filters, keys, 3D view, hostile captions."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from a_gallery import CAPTIONS, HOSTILE, build
from chromium import Browser
from gallery_page import canvas, captions, choose, near, open_page, text
from PIL import Image

from posepipe import manifest
from posepipe.__main__ import main
from posepipe.picture import colours

pytestmark = pytest.mark.needs("chromium", "chromedriver")

MANY = 10_000


def test_all_there_is_comes_from_the_file_system(opened: Browser) -> None:
    opened.wait("document.querySelectorAll('.cell canvas[data-shown]').length >= 5")
    asked = opened.requests()
    assert {address.partition(":")[0] for address in asked} == {"file"}
    assert any(address.endswith("waving.png") for address in asked)


def test_thumbnails_show_the_artifacts(opened: Browser, page: Path) -> None:
    opened.wait("document.querySelector('.cell[data-place=\"0\"] canvas[data-shown]')")
    shown = np.asarray(Image.open(io.BytesIO(opened.picture())).convert("RGB")).astype(int)
    box = opened.run(
        "const b = document.querySelector('.cell canvas').getBoundingClientRect(); return [b.x, b.y, b.width]"
    )
    left, top, side = map(round, box)
    part = shown[top : top + side, left : left + side]
    for limb in colours.LIMBS.values():
        assert near(part, limb).any()


def test_search(opened: Browser) -> None:
    assert captions(opened)[:2] == CAPTIONS[:2]
    opened.press("/", *"STANDING Calmly".replace(" ", "\ue00d"))
    assert opened.run("return document.getElementById('search').value") == "STANDING Calmly"
    assert captions(opened) == ["A person standing calmly 0", "A person standing calmly 1"]
    assert text(opened, "#count") == f"2 of {len(CAPTIONS)}"
    choose(opened, "search", "strasse")
    assert captions(opened) == [caption for caption in CAPTIONS if "Straße" in caption]
    choose(opened, "search", 'standing -calmly -"with pride"')
    assert captions(opened) == [c for c in CAPTIONS if "standing" in c and "calmly" not in c and "pride" not in c]
    choose(opened, "search", "“person standing in”")
    assert captions(opened) == [c for c in CAPTIONS if "person standing in" in c]
    choose(opened, "search", "standing_in_fear")  # a name
    assert captions(opened) == [c for c in CAPTIONS if "standing in fear" in c]
    choose(opened, "search", "calmly -")
    assert len(captions(opened)) == 2
    choose(opened, "search", "no such pose")
    assert captions(opened) == []
    opened.click("#clear")
    assert text(opened, "#count") == f"{len(CAPTIONS)} of {len(CAPTIONS)}"


def test_filters(opened: Browser) -> None:
    choose(opened, "status", "failed")
    assert captions(opened) == ["please raise an error", "A person at nan place"]
    assert "asked to raise by" in text(opened, ".cell .none")
    choose(opened, "error", "NonFinitePose")
    assert captions(opened) == ["A person at nan place"]
    choose(opened, "status", "")
    choose(opened, "error", "")
    choose(opened, "flag", "off_floor")
    assert captions(opened) == ["A person sitting down"]
    choose(opened, "flag", "unsure")
    assert captions(opened) == ["A person waving"]
    options = opened.run("return [...document.getElementById('status').options].map((o) => o.text)")
    assert options == ["all", f"done ({len(CAPTIONS) - 2})", "failed (2)"]


def test_sort(opened: Browser) -> None:
    choose(opened, "sort", "tallest")
    assert captions(opened)[:2] == ["A person waving", "A person sitting down"]
    assert set(captions(opened)[-2:]) == {"please raise an error", "A person at nan place"}
    choose(opened, "sort", "caption")
    found = [caption for caption in captions(opened) if caption.startswith("A person s")]
    assert found == sorted(found)


def test_a_picture_that_is_lost_says_so(opened: Browser) -> None:
    opened.wait("document.querySelector('.cell[data-place=\"1\"] .none')")
    assert text(opened, '.cell[data-place="1"] .none') == "The picture is missingsitting_down.png"
    opened.wait(f"document.querySelectorAll('.cell canvas[data-shown]').length === {len(CAPTIONS) - 3}")


def test_hostile_captions_are_text(opened: Browser) -> None:
    found = captions(opened)
    for caption in HOSTILE:
        assert caption.replace("\u202e", "⟨U+202E⟩").replace("\u202c", "⟨U+202C⟩") in found
    for place in range(len(CAPTIONS)):
        opened.run(f"document.querySelector('.cell[data-place=\"{place}\"]').click()")
        opened.wait("document.querySelectorAll('#fields tr').length")
        row = dict(
            opened.run(
                "return [...document.querySelectorAll('#fields tr')].map((r) => [...r.cells].map((c) => c.textContent))"
            )
        )
        assert row["caption"] == text(opened, "#view-caption")
        opened.press("Escape")
        opened.wait(f"document.activeElement.dataset.place === '{place}'")
    assert opened.run("return window.broken === undefined && document.querySelectorAll('script, img').length") == 2


def test_arrow_keys_step_through_the_neighbours(opened: Browser) -> None:
    choose(opened, "search", "standing")
    listed = captions(opened)
    opened.press("/", "Down", "Right", "Enter")
    assert text(opened, "#view-caption") == listed[1]
    assert text(opened, "#previous .words") == listed[0]
    assert text(opened, "#next .words") == listed[2]
    opened.press("Right", "Right")
    assert text(opened, "#view-caption") == listed[3]
    assert text(opened, "#view-place") == f"4 of {len(listed)}"
    assert opened.wait("document.querySelector('#picture img').naturalWidth") == 1200
    opened.press("Left")
    assert text(opened, "#view-caption") == listed[2]
    opened.press("Home", "Left")
    assert text(opened, "#view-caption") == listed[0]
    assert opened.run("return document.getElementById('previous').disabled")
    opened.press("End")
    assert text(opened, "#view-caption") == listed[-1]
    opened.press("Escape")
    opened.wait("!document.getElementById('view').open")
    opened.wait(f"document.activeElement.dataset.place === '{len(listed) - 1}'")


def test_the_address_names_the_pose(opened: Browser, page: Path) -> None:
    opened.click('.cell[data-place="4"]')
    address = opened.run("return location.href")
    opened.open("about:blank")
    opened.open(address)
    opened.wait("document.getElementById('view').open")
    assert text(opened, "#view-caption") == CAPTIONS[4]


def angles(browser: Browser) -> tuple[float, float]:
    """Azimuth and elevation of the 3D view, in degrees."""
    azimuth, elevation = browser.run(
        "const { dataset } = document.querySelector('#turn canvas'); return [dataset.azimuth, dataset.elevation]"
    )
    return float(azimuth), float(elevation)


@pytest.mark.parametrize("pointer", ["mouse", "touch"])
def test_the_3d_view_turns(opened: Browser, pointer: str) -> None:
    opened.click('.cell[data-place="0"]')
    opened.wait("document.querySelectorAll('#fields tr').length")
    before, first = canvas(opened), angles(opened)
    for limb in colours.LIMBS.values():
        assert near(before.astype(int), limb).any()
    x, y = opened.middle("#turn canvas")
    opened.drag((x - 60, y), (x + 40, y + 30), pointer)
    azimuth, elevation = round(first[0] - np.degrees(1.0)), round(first[1] + np.degrees(0.3))
    opened.wait(f"document.querySelector('#turn canvas').dataset.azimuth === '{azimuth}'")
    opened.wait(f"document.querySelector('#turn canvas').dataset.elevation === '{elevation}'")
    assert (before != canvas(opened)).any(-1).sum() > 1000
    opened.run("document.querySelector('#turn canvas').dispatchEvent(new Event('dblclick'))")
    assert np.array_equal(canvas(opened), before)


def test_the_3d_view_turns_by_keys_and_shows_left_and_right(opened: Browser) -> None:
    opened.click('.cell[data-place="0"]')
    opened.wait("document.querySelectorAll('#fields tr').length")

    def across(limb: str) -> float:
        return float(np.argwhere(near(canvas(opened).astype(int), colours.LIMBS[limb]))[:, 1].mean())

    assert across("right_leg") < across("left_leg")
    first = angles(opened)[0]
    opened.press(*["Right"] * 10, with_shift=True)
    opened.wait("document.querySelector('#turn canvas').dataset.azimuth === '" + str(round(first - 150)) + "'")
    assert across("left_leg") < across("right_leg")
    assert text(opened, "#view-caption") == CAPTIONS[0]


def test_a_failed_pose_has_a_reason_in_pose_path_joints(opened: Browser) -> None:
    opened.run("document.querySelector('.cell[data-place=\"2\"]').click()")
    assert opened.wait("!document.querySelector('.reason').hidden")
    assert text(opened, ".reason") == "The pose failed."
    assert "asked to raise by" in text(opened, "#picture .none")
    fields = text(opened, "#fields")
    assert "Traceback (most recent call last)" in fields


def test_a_page_without_its_parts_says_so(browser: Browser, page: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(page.read_bytes())
    browser.open(tmp_path / "index.html")
    browser.wait("!document.getElementById('trouble').hidden")
    assert "index_files/rows_00000.js cannot be loaded" in text(browser, "#trouble")
    browser.complaints()


def test_parts_of_a_newer_gallery_are_not_taken_for_ones_own(browser: Browser, page: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index_files"
    folder.mkdir()
    (tmp_path / "index.html").write_bytes(page.read_bytes())
    (folder / "rows_00000.js").write_text('posepipeGallery.rows("other",0,{});')
    browser.open(tmp_path / "index.html")
    browser.wait("!document.getElementById('trouble').hidden")
    assert "made again" in text(browser, "#trouble")


def test_at_phone_width_nothing_sticks_out(opened: Browser) -> None:
    opened.cdp("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
    try:
        opened.wait("innerWidth === 390")
        opened.wait("document.querySelector('.cell[data-place=\"1\"]').getBoundingClientRect().right <= 390")
        stuck = """return [...document.querySelectorAll('header *, .cell, dialog[open] *')]
            .filter((e) => e.getBoundingClientRect().right > 390.5).map((e) => e.outerHTML)"""
        assert opened.run(stuck) == []
        assert opened.run("return document.documentElement.scrollWidth") == 390
        opened.click('.cell[data-place="0"]')
        opened.wait("document.querySelectorAll('#fields tr').length")
        assert opened.run(stuck) == []
    finally:
        opened.cdp("Emulation.clearDeviceMetricsOverride")


DRAWN_IN_VIEW = """(() => {
    const seen = document.getElementById('grid').getBoundingClientRect();
    return Array.from(document.querySelectorAll('.cell')).some((cell) => {
        const at = cell.getBoundingClientRect();
        return cell.querySelector('canvas[data-shown]') && at.bottom > seen.top && at.top < seen.bottom;
    });
})()"""
"""Cells of the place scrolled to are there; those of the place before are still in the document for a moment."""


def test_ten_thousand_poses_put_few_cells_into_the_document(browser: Browser, tmp_path: Path) -> None:
    out = build(tmp_path, ["A person waving"])
    (row,) = manifest.read_table(tmp_path / "manifest").to_pylist()
    more = [row | {"caption_id": f"{n:016x}", "line": n, "caption": f"A person no {n}"} for n in range(2, MANY + 1)]
    manifest.write_fragment(tmp_path / "manifest", more, "more", fsync=False)
    assert main(["gallery", str(out), "--no-sheets"]) == 0
    open_page(browser, tmp_path / "SinglePose_gallery" / "index.html")
    assert text(browser, "#count") == f"{MANY:,} of {MANY:,}"
    seen = []
    for share in (0.0, 0.31, 0.77, 1.0):
        browser.run("const g = document.getElementById('grid'); g.scrollTop = arguments[0] * g.scrollHeight", share)
        browser.wait(DRAWN_IN_VIEW)
        seen += captions(browser)
        assert len(captions(browser)) < 100
    assert seen[0] == "A person waving"
    assert seen[-1] == f"A person no {MANY}"
    browser.run("document.querySelector('#space .cell:last-child').focus()")
    browser.press("Home")
    assert captions(browser)[0] == "A person waving"
    browser.press("End", "Enter")
    assert text(browser, "#view-caption") == f"A person no {MANY}"
