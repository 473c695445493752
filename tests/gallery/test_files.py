"""Files of a pose on the page in Chromium: links in every layout, checksums behind a fold, motions in the 3D view."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from a_gallery import CAPTIONS, HOSTILE, build
from chromium import Browser
from gallery_page import canvas, open_page, open_pose, text

from manifests import fragment_paths
from posepipe import manifest
from posepipe.__main__ import main

pytestmark = pytest.mark.needs("chromium", "chromedriver")


def gallery_of(out: Path) -> Path:
    assert main(["gallery", str(out), "--no-sheets"]) == 0
    return out.parent / "SinglePose_gallery" / "index.html"


def rewrite(out: Path, change: Any) -> None:
    """Change the rows of the manifest."""
    rows = manifest.read_table(out.parent / "manifest").to_pylist()
    for row in rows:
        change(row)
    old = fragment_paths(out.parent / "manifest")
    manifest.write_fragment(out.parent / "manifest", rows, "again", fsync=False)
    for path in old:
        path.unlink()


def links(browser: Browser) -> dict[str, str]:
    return dict(browser.run("return [...document.querySelectorAll('#links a')].map((a) => [a.textContent, a.href])"))


@pytest.mark.parametrize("layout", ["files", "folders"])
def test_links_lead_to_the_files_whatever_their_names(browser: Browser, tmp_path: Path, layout: str) -> None:
    texts = [*HOSTILE, 'A person 🤸 jumping & "so" it\'s %41#x', "please raise an error"]
    formats = ["npy", "json", "png", "bvh", "glb", "openpose", "openpose-png"]
    out = build(tmp_path / "a 100% #1? 人 🤸 folder", texts, ",".join(formats), layout)
    page = gallery_of(out)
    open_page(browser, page)
    for place in range(len(texts) - 1):
        open_pose(browser, place)
        found = links(browser)
        assert list(found) == formats
        for address in found.values():
            parts = urlsplit(address)
            assert (parts.query, parts.fragment) == ("", "")
            assert Path(unquote(parts.path)).is_file()
        browser.press("Escape")
        browser.wait("!document.getElementById('view').open")
    open_pose(browser, len(texts) - 1)
    assert links(browser) == {}
    assert not browser.run("return document.getElementById('links').checkVisibility()")
    open_pose(browser, len(HOSTILE))
    browser.open(links(browser)["json"])
    assert texts[-2] in text(browser, "body").replace('\\"', '"')


def test_poses_in_shards_are_drawn_and_the_page_says_why_there_are_no_links(browser: Browser, tmp_path: Path) -> None:
    browser.complaints()
    open_page(browser, gallery_of(build(tmp_path, layout="shards")))
    browser.wait(f"document.querySelectorAll('.cell canvas[data-shown]').length === {len(CAPTIONS) - 2}")
    open_pose(browser, 0)
    assert links(browser) == {}
    (shard,) = [path.name for path in (tmp_path / "SinglePose").glob("*.tar")]
    said = text(browser, "#links")
    assert f"These are members of {shard}. A page cannot link into a tar archive" in said
    assert ".npy" in said
    assert (canvas(browser) != 255).any(-1).sum() > 1000
    assert not browser.complaints()


def test_poses_in_an_object_store_are_drawn_and_the_page_says_why_there_are_no_links(
    browser: Browser, page: Path, tmp_path: Path
) -> None:
    (tmp_path / "index_files").symlink_to(page.parent / "index_files")
    html = page.read_text("utf-8")
    assert '"remote": false' in html
    place = re.search(r'"place": ("[^"]*")', html)
    assert place
    remote = html.replace('"remote": false', '"remote": true').replace(place[1], '"s3://bucket/<poses>"')
    (tmp_path / "index.html").write_text(remote, "utf-8")
    browser.requests()
    open_page(browser, tmp_path / "index.html")
    browser.wait(f"document.querySelectorAll('.cell canvas[data-shown]').length === {len(CAPTIONS) - 2}")
    open_pose(browser, 0)
    assert links(browser) == {}
    assert "waving.npy" in text(browser, "#links")
    assert text(browser, "#links .why") == "These are objects under s3://bucket/<poses>, which a page cannot open."
    assert not [address for address in browser.requests() if address.endswith(".png")]


def test_poses_without_pictures_are_drawn_from_their_joints(browser: Browser, tmp_path: Path) -> None:
    out = build(tmp_path, ["A person waving", "A person sitting", "please raise an error"], formats="npy")
    (out / "sitting.npy").write_bytes(b"broken")
    open_page(browser, gallery_of(out))
    browser.wait("document.querySelectorAll('.cell canvas[data-shown]').length === 1")
    browser.wait("document.querySelectorAll('.cell .none').length === 2")
    assert text(browser, '.cell[data-place="1"] .none') == "no PNG"


def test_checksums_are_behind_a_fold(opened: Browser) -> None:
    open_pose(opened, 0)

    def names(selector: str) -> set[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map((cell) => cell.textContent)"
        return set(opened.run(script, f"{selector} th"))

    assert names("#fields") >= {"caption", "stem", "status", "flags", "height", "frame_index", "seed"}
    assert names("#more") >= {"npy_sha256", "png_sha256", "settings_id", "model_fingerprint", "error", "traceback"}
    assert names("#fields") | names("#more") == set(manifest.SCHEMA.names)
    assert not names("#fields") & names("#more")
    assert not opened.run("return document.querySelector('#more table').checkVisibility()")
    opened.run("document.querySelector('#more summary').focus()")
    opened.press("Enter")
    opened.wait("document.querySelector('#more table').checkVisibility()")


def test_a_jump_is_in_the_air_and_no_warning(browser: Browser, tmp_path: Path) -> None:
    out = build(tmp_path, ["A person jumping", "A person sitting"])
    rewrite(out, lambda row: row.update(flags="off_floor", lowest_y=0.4))
    open_page(browser, gallery_of(out))
    assert text(browser, '.cell[data-place="0"] .notes') == "in the air"
    assert text(browser, '.cell[data-place="1"] .warns') == "off_floor"
    options = browser.run("return [...document.getElementById('flag').options].map((o) => o.text)")
    assert options == ["all", "any warning", "off_floor (1)", "in the air (1)"]
    open_pose(browser, 0)
    assert text(browser, "#view-flags") == "in the air"
    assert "off_floor" in text(browser, "#fields")  # the manifest's flag


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gallery of three poses; the second has a motion of 12 frames, of which frame 8 is the pose."""
    out = build(tmp_path_factory.mktemp("moving"), ["A person standing", "A person walking", "A person waving"])

    def change(row: dict[str, Any]) -> None:
        if row["caption"] != "A person walking":
            return
        pose = np.load(out / "walking.npy")
        motion = np.repeat(pose[None], 12, axis=0)
        motion[..., 2] += 0.1 * (np.arange(12) - row["frame_index"])[:, None]
        np.save(out / "walking.motion.npy", motion.astype(np.float32))
        row["motion_sha256"] = hashlib.sha256((out / "walking.motion.npy").read_bytes()).hexdigest()

    rewrite(out, change)
    return gallery_of(out)


def test_a_motion_is_scrubbed(browser: Browser, moving: Path) -> None:
    open_page(browser, moving)
    browser.requests()
    open_pose(browser, 0)
    assert browser.run("return document.getElementById('motion').hidden")
    assert not [address for address in browser.requests() if "motions_" in address]
    still = canvas(browser)
    browser.press("Right")
    browser.wait("!document.getElementById('motion').hidden")
    assert text(browser, "#frame-number") == "frame 8 of 0 to 11, the pose"
    pose = canvas(browser)
    assert pose.shape == still.shape
    browser.run("document.getElementById('frame').focus()")
    browser.press("Right", "Right")  # the slider's keys, not the next pose
    assert text(browser, "#view-caption") == "A person walking"
    assert text(browser, "#frame-number") == "frame 10 of 0 to 11"
    assert (canvas(browser) != pose).any(-1).sum() > 500
    browser.press("Left", "Left")
    assert np.array_equal(canvas(browser), pose)
    assert browser.run("return document.getElementById('frame').getAttribute('aria-valuetext')").endswith("the pose")


def test_a_motion_plays_and_stops_with_the_view(browser: Browser, moving: Path) -> None:
    browser.complaints()
    open_page(browser, moving)
    open_pose(browser, 1)
    browser.wait("!document.getElementById('motion').hidden")
    browser.run("document.getElementById('view').focus()")
    browser.press(" ")
    assert text(browser, "#play") == "Pause"
    browser.wait(
        "document.getElementById('frame-number').textContent.startsWith('frame 2 ')"
    )  # after the last, the first
    browser.press(" ")
    assert text(browser, "#play") == "Play"
    frame = text(browser, "#frame-number")
    browser.run("return new Promise((done) => setTimeout(done, 200))")
    assert text(browser, "#frame-number") == frame
    browser.click("#play")
    assert text(browser, "#play") == "Pause"
    browser.press("Right")
    assert text(browser, "#view-caption") == "A person waving"
    assert browser.run("return document.getElementById('motion').hidden")
    assert not browser.complaints()


def test_a_motion_that_is_lost_leaves_the_pose(browser: Browser, moving: Path, tmp_path: Path) -> None:
    out = moving.parent.parent / "SinglePose"
    (out / "walking.motion.npy").rename(tmp_path / "aside.npy")
    try:
        assert main(["gallery", str(out), "--no-sheets", "--to", str(tmp_path / "g")]) == 0
    finally:
        (tmp_path / "aside.npy").rename(out / "walking.motion.npy")
    open_page(browser, tmp_path / "g" / "index.html")
    open_pose(browser, 1)
    assert browser.run("return document.getElementById('motion').hidden")
    assert (canvas(browser) != 255).any(-1).sum() > 1000
    assert list(links(browser))[:3] == ["npy", "json", "png"]
