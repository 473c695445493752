"""How the page looks in Chromium: dark and light, contrasts, names of controls, paper."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator

import numpy as np
import pytest
from a_gallery import CAPTIONS
from chromium import Browser
from gallery_page import SHOWN, canvas, choose, dark, near, open_pose, text
from PIL import Image

from posepipe.gallery import theme
from posepipe.picture import colours

pytestmark = pytest.mark.needs("chromium", "chromedriver")

CONTRASTS = """
const parse = (colour) => colour.match(/[0-9.]+/g).map(Number);
const light = (rgb) => {
  const [r, g, b] = rgb.slice(0, 3).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (e) => {
  for (; e; e = e.parentElement) {
    const rgb = parse(getComputedStyle(e).backgroundColor);
    if (rgb.length < 4 || rgb[3] === 1) return rgb;
  }
  return [255, 255, 255];
};
const contrast = (a, b) => {
  const [x, y] = [light(a), light(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};
const found = [];
for (const e of document.querySelectorAll('body *')) {
  if (!e.checkVisibility({ visibilityProperty: true }) || e.matches('script, option, canvas *, [disabled]')) continue;
  const style = getComputedStyle(e);
  const name = e.tagName + (e.id ? '#' + e.id : e.className ? '.' + e.className : '');
  for (const side of ['Top', 'Right', 'Bottom', 'Left'])
    if (parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== 'none')
      found.push(['border', name, contrast(parse(style[`border${side}Color`]), behind(e.parentElement))]);
  if ([...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || e.matches('input, select'))
    found.push(['text', name, contrast(parse(style.color), behind(e))]);
}
const search = document.getElementById('search');
found.push(['text', 'placeholder', contrast(parse(getComputedStyle(search, '::placeholder').color), behind(search))]);
return found;
"""


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest, opened: Browser) -> Iterator[str]:
    dark(opened, request.param)
    yield request.param
    dark(opened, "light")


def test_borders_have_a_contrast_of_three_and_texts_of_four_and_a_half(opened: Browser, scheme: str) -> None:
    grid = opened.run(CONTRASTS)
    opened.run("document.getElementById('search').focus()")
    hint = opened.run(CONTRASTS)
    open_pose(opened, 0)
    opened.run("document.getElementById('more').open = true")
    view = opened.run(CONTRASTS)
    assert {name for kind, name, _ in grid if kind == "border"} >= {"INPUT#search", "SELECT#flag", "BUTTON#print"}
    assert "P#hint" in {name for _, name, _ in hint}
    for kind, name, contrast in (*grid, *hint, *view):
        assert contrast >= (3 if kind == "border" else 4.5), (kind, name, contrast)


def test_the_page_and_the_3d_view_follow_the_scheme(opened: Browser, scheme: str) -> None:
    open_pose(opened, 0)
    wanted = theme.DARK if scheme == "dark" else theme.LIGHT
    red, green, blue = wanted["paper"]
    assert opened.run("return getComputedStyle(document.body).backgroundColor") == f"rgb({red}, {green}, {blue})"
    pixels = canvas(opened)
    assert tuple(pixels[3, 3]) == wanted["paper"]
    limbs = theme.DARK_LIMBS if scheme == "dark" else colours.LIMBS
    for limb in limbs.values():
        near_limb = np.abs(pixels.astype(int) - np.array(limb)).max(-1) < 30
        assert near_limb.sum() > 100


def test_every_control_has_a_name(opened: Browser) -> None:
    def nameless() -> list[str]:
        nodes = opened.cdp("Accessibility.getFullAXTree")["nodes"]
        roles = {"button", "link", "combobox", "searchbox", "textbox", "slider", "dialog", "img", "image"}
        return [
            node["role"]["value"]
            for node in nodes
            if not node.get("ignored") and node["role"]["value"] in roles and not node["name"].get("value")
        ]

    opened.cdp("Accessibility.enable")
    assert nameless() == []
    open_pose(opened, 0)
    assert nameless() == []
    opened.cdp("Accessibility.disable")
    assert opened.run("return document.querySelector('.cell').ariaLabel") == "A person waving, unsure"


def test_the_focus_goes_in_the_order_of_the_page(opened: Browser) -> None:
    def steps(number: int) -> list[str]:
        found = []
        for _ in range(number):
            opened.press("Tab")
            found.append(opened.run("const e = document.activeElement; return e.id || e.className || e.textContent"))
        return found

    assert steps(7) == ["search", "status", "error", "flag", "sort", "print", "cell"]
    opened.press("Enter")
    opened.wait("document.querySelectorAll('#fields tr').length")
    assert steps(7) == ["close", "next", "npy", "json", "png", "address", "copy"]


def sheets(browser: Browser) -> list[list[str]]:
    """Captions on the sheets that were laid out for paper."""
    found: list[list[str]] = browser.run(
        "return [...document.querySelectorAll('#sheets .sheet')].map((s) => [...s.querySelectorAll('figcaption')]"
        ".map((c) => c.firstChild.data))"
    )
    return found


def pages(browser: Browser, width: float = 8.5, height: float = 11.0) -> int:
    """Pages that the browser prints on paper of this size in inches."""
    printed = browser.cdp("Page.printToPDF", printBackground=True, paperWidth=width, paperHeight=height)
    content = base64.b64decode(printed["data"])
    return len(re.findall(rb"/Type\s*/Page\b", content))


def test_printing_gives_sheets_of_what_is_chosen(opened: Browser) -> None:
    opened.run("window.print = () => (window.printed = document.querySelectorAll('#sheets canvas').length)")
    dark(opened, "dark")
    opened.click("#print")
    opened.wait("window.printed")
    assert [caption for sheet in sheets(opened) for caption in sheet] == SHOWN
    assert opened.run("return window.printed") == len(CAPTIONS) - 3  # two failed, the picture of one is lost
    opened.run("dispatchEvent(new Event('beforeprint'))")
    opened.cdp("Emulation.setEmulatedMedia", media="print")
    pixels = np.asarray(Image.open(io.BytesIO(opened.picture())).convert("RGB")).astype(int)
    assert near(pixels, colours.LIMBS["right_leg"]).sum() > 100
    assert (pixels == 255).all(-1).mean() > 0.5  # white paper, also in the dark scheme
    opened.cdp("Emulation.setEmulatedMedia", media="")
    dark(opened, "light")
    assert pages(opened) == 1
    assert sheets(opened) == []  # they are gone after printing
    choose(opened, "search", "standing")
    opened.cdp("Input.dispatchKeyEvent", type="keyDown", key="p", code="KeyP", modifiers=2)  # Control+P
    opened.wait("document.querySelectorAll('#sheets .sheet').length === 1")
    assert text(opened, "#sheets h2").endswith(" · standing · 1 to 8 of 8")


@pytest.mark.parametrize(("width", "height"), [(8.27, 11.69), (8.5, 11.0)], ids=["a4", "letter"])
def test_twenty_poses_fit_a_page(opened: Browser, width: float, height: float) -> None:
    opened.run("window.print = () => (window.printed = true)")
    opened.click("#print")
    opened.wait("window.printed")
    opened.run(
        "const sheet = document.querySelector('.sheet'); const boxes = sheet.querySelectorAll('figure');"
        "for (let i = boxes.length; i < 20; i++) sheet.append(boxes[0].cloneNode(true))"
    )
    assert pages(opened, width, height) == 1


def test_an_open_pose_is_printed_alone(opened: Browser) -> None:
    open_pose(opened, 0)
    opened.run("dispatchEvent(new Event('beforeprint'))")
    opened.cdp("Emulation.setEmulatedMedia", media="print")
    ids = "['sheets', 'view', 'grid', 'close', 'fields']"
    visible = f"return {ids}.filter((id) => document.getElementById(id).checkVisibility())"
    assert opened.run(visible) == ["view", "fields"]
    opened.cdp("Emulation.setEmulatedMedia", media="")
    assert pages(opened) == 1
    assert sheets(opened) == []
    assert opened.run("return document.getElementById('view').open && !document.documentElement.dataset.print")
