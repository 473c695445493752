"""The page's address in Chromium: choices and the open pose are in it, and it can be opened, reloaded, gone back to."""

from __future__ import annotations

from pathlib import Path

import pytest
from chromium import Browser
from gallery_page import SHOWN, captions, choose, open_page, open_pose, text

pytestmark = pytest.mark.needs("chromium", "chromedriver")


def fragment(browser: Browser) -> str:
    found: str = browser.run("return location.hash")
    return found


def shows(browser: Browser, expected: list[str]) -> None:
    """Wait until the grid shows these captions."""
    browser.wait(f"document.getElementById('count').textContent === '{len(expected)} of {len(SHOWN)}'")
    assert captions(browser) == expected


def test_choices_are_in_the_address_and_kept_when_it_is_reloaded(opened: Browser) -> None:
    choose(opened, "search", "standing -calmly & “in fear” %#人")
    assert captions(opened) == []
    choose(opened, "search", "standing -calmly")
    choose(opened, "status", "done")
    choose(opened, "sort", "caption")
    assert fragment(opened) == "#search=standing+-calmly&status=done&sort=caption"
    found = captions(opened)
    assert found
    opened.run("location.reload()")
    opened.wait("document.querySelector('.cell')")
    shows(opened, found)
    assert opened.run("return document.getElementById('search').value") == "standing -calmly"
    assert opened.run("return document.getElementById('sort').value") == "caption"
    opened.click("#search")
    opened.run("document.getElementById('search').value = ''")
    choose(opened, "search", "no such")
    opened.click("#clear")
    assert fragment(opened) == ""


def test_special_characters_survive_the_address(opened: Browser) -> None:
    choose(opened, "search", "100% #1? a+b=c")
    (expected,) = captions(opened)
    opened.run("location.reload()")
    opened.wait("document.querySelector('.cell')")
    shows(opened, [expected])


def test_back_and_forward(opened: Browser) -> None:
    choose(opened, "flag", "unsure")
    open_pose(opened, 0)
    opened.run("history.back()")
    opened.wait("!document.getElementById('view').open")
    shows(opened, ["A person waving"])
    opened.run("history.back()")
    shows(opened, SHOWN)
    opened.run("history.forward()")
    shows(opened, ["A person waving"])
    opened.run("history.forward()")
    opened.wait("document.getElementById('view').open")
    opened.press("Escape")
    opened.wait("!document.getElementById('view').open && !location.hash.includes('pose')")
    shows(opened, ["A person waving"])


def test_typing_is_one_step_back(opened: Browser) -> None:
    before = opened.run("return history.length")
    opened.press("/", *"fear")
    assert fragment(opened) == "#search=fear"
    assert opened.run("return history.length") == before + 1


def test_the_link_to_a_pose_can_be_copied_and_opened(opened: Browser, page: Path) -> None:
    choose(opened, "search", "fear")
    open_pose(opened, 1)
    caption = text(opened, "#view-caption")
    address = opened.run("return document.getElementById('address').href")
    assert fragment(opened).startswith("#search=fear&pose=")
    assert "search" not in address
    opened.cdp("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    opened.click("#copy")
    opened.wait("document.getElementById('copied').textContent === 'copied'")
    assert opened.run("return navigator.clipboard.readText()") == address
    opened.open("about:blank")
    open_page(opened, address)
    opened.wait("document.getElementById('view').open")
    assert text(opened, "#view-caption") == caption
    key = address.partition("pose=")[2]
    for older in (f"{page.as_uri()}#{key}", f"{page.as_uri()}#{key.replace(':', '%3A')}"):
        opened.open("about:blank")
        open_page(opened, older)
        opened.wait("document.getElementById('view').open")
        assert text(opened, "#view-caption") == caption


def test_a_pose_that_the_choices_hide_clears_them(opened: Browser) -> None:
    open_pose(opened, 0)
    pose = fragment(opened).removeprefix("#")
    opened.press("Escape")
    opened.wait("!document.getElementById('view').open")
    opened.run("location.hash = '#search=fear&' + arguments[0]", pose)
    opened.wait("document.getElementById('view').open")
    assert text(opened, "#view-caption") == "A person waving"
    assert opened.run("return document.getElementById('search').value") == ""


def test_a_pose_that_is_not_there_and_a_flag_that_no_pose_has_are_said(opened: Browser) -> None:
    opened.run("location.hash = '#pose=0123<b>:0&flag=collision'")
    opened.wait("!document.getElementById('trouble').hidden")
    assert text(opened, "#trouble") == "This gallery has no pose 0123<b>:0."
    assert opened.run("return document.getElementById('flag').selectedOptions[0].text") == "collision (0)"
    opened.wait("!document.getElementById('nothing').hidden")
    choose(opened, "flag", "")
    assert opened.run("return document.getElementById('trouble').hidden")
    shows(opened, SHOWN)
