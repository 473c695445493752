"""posepipe.picture: captions of any script."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from posed import pixels_of, pose

from posepipe.picture import GlyphWarning, draw, fonts, missing_glyphs, missing_message, typesetting

CHINESE = "一个人向前走，然后举起左手挥手。"


@pytest.fixture
def fresh_warning() -> Iterator[None]:
    """As if this process had not yet said that glyphs are missing."""
    fonts._warned.cache_clear()
    yield
    fonts._warned.cache_clear()


class TestWords:
    LONG = (
        "a person who was standing with both feet together takes a large step to the left with the left foot, "
        "bends both knees deeply, stretches the right arm straight out to the side at shoulder height, turns the "
        "head to look over the left shoulder and holds this position for a moment before coming back again and "
        "again and again and once more"
    )

    def test_short(self) -> None:
        (line,) = typesetting.wrap("a person waves", 27, 1120, 4)
        assert 150 < line.width < 250
        assert line.rightward

    @pytest.mark.parametrize("caption", [LONG, "x" * 900, "ก" * 500, "ab " * 400, "𝔘" * 300, "é" * 700, "word-" * 200])
    @pytest.mark.filterwarnings("ignore::posepipe.picture.GlyphWarning")
    def test_too_long(self, caption: str) -> None:
        lines = typesetting.wrap(caption, 27, 1120, 4)
        assert len(lines) == 4
        assert all(line.width <= 1120 for line in lines)
        assert all(line.width > 700 for line in lines)
        last = lines[-1].pieces[-1][1]
        assert last.coverage[last.rise - 5 : last.rise, -8:].any()
        assert not last.coverage[: last.rise - 6, -10:].any(), "the last dots of the ellipsis"

    def test_cut(self) -> None:
        whole, part = (typesetting.cut("posepipe · package.module:factory", 15, width) for width in (400, 200))
        assert 150 < part.width <= 200 < whole.width < 400

    def test_lines_hold_the_whole_caption(self) -> None:
        caption = self.LONG[:230]
        lines = typesetting.wrap(caption, 27, 1120, 4)
        assert len(lines) == 3
        one = typesetting.wrap(caption, 27, 1e9, 1)[0]
        spaces = (len(lines) - 1) * typesetting._piece(" ", typesetting.Face(27)).advance
        assert sum(line.width for line in lines) + spaces == pytest.approx(one.width)

    @pytest.mark.parametrize("caption", ["", "   ", "\n\t", "\x00\x07"])
    def test_nothing(self, caption: str) -> None:
        assert typesetting.wrap(caption, 27, 1120, 4) == []
        assert len(draw(pose(), caption)) > 10_000

    def test_unspaced_scripts_break_anywhere_but_before_a_full_stop(self) -> None:
        parts = typesetting._break_unspaced("（双脚）abc站立。")
        assert parts == ["（双", "脚）", "abc", "站", "立。"]

    def test_clusters_stay_whole(self) -> None:
        runner = "\U0001f3c3\U0001f3fd\u200d\u2640\ufe0f"
        assert typesetting._clusters("e\u0301a" + runner + "b") == ["e\u0301", "a", runner, "b"]

    def test_arabic_is_joined_and_flush_right(self) -> None:
        joined, apart = (
            typesetting._piece("\u200fببب", typesetting.Face(27)),
            typesetting._piece("\u200fب\u200cب\u200cب", typesetting.Face(27)),
        )

        def gaps(piece: typesetting.Piece) -> int:
            inked = piece.coverage.max(axis=0) > 40
            return int((inked[:-1] & ~inked[1:]).sum())

        assert gaps(joined) < gaps(apart)
        (line,) = typesetting.wrap("شخص يمشي إلى الأمام", 27, 1120, 4)
        assert not line.rightward
        pixels = pixels_of(draw(pose(), "شخص يمشي إلى الأمام"))
        assert (pixels[:60, 800:1180] < 128).any()
        assert (pixels[:60, :700] == 255).all()

    def test_right_to_left_order(self) -> None:
        """The first letter of a Hebrew word stands at its right end."""
        word, first = (
            typesetting._piece("\u200fאו", typesetting.Face(27)),
            typesetting._piece("\u200fא", typesetting.Face(27)),
        )
        wide = first.coverage.shape[1] - 4
        right, left = word.coverage[:, -wide:], word.coverage[:, :wide]
        ink = first.coverage[:, -wide:].sum()
        assert abs(int(right.sum()) - int(ink)) < abs(int(left.sum()) - int(ink))

    @pytest.mark.skipif(bool(missing_glyphs([CHINESE])), reason="no installed font has Chinese characters")
    def test_chinese(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert fonts.printable(CHINESE) == CHINESE
            pixels = pixels_of(draw(pose(), CHINESE))
        assert (pixels[20:70, 40:400] < 128).sum() > 1500
        assert fonts.region(CHINESE) == "SC"
        assert not np.array_equal(
            typesetting._piece("左", typesetting.Face(27)).coverage,
            typesetting._piece("右", typesetting.Face(27)).coverage,
        )

    def test_region_of_han_characters(self) -> None:
        assert [fonts.region(text) for text in ("手を振る", "손을 振る", "손을", "挥手", "a")] == [
            "JP",
            "JP",
            "KR",
            "SC",
            "SC",
        ]

    @pytest.mark.skipif(fonts.emoji_font() is None, reason="no colour emoji font is installed")
    def test_emoji_are_coloured(self) -> None:
        pixels = pixels_of(draw(pose(), "\U0001f600"))[:100, :100].astype(int)
        assert (np.ptp(pixels, axis=-1) > 100).sum() > 100

    def test_missing_glyphs_are_said_once(self, fresh_warning: None) -> None:
        unassigned = "a\u0378b"
        assert missing_glyphs(["a person", unassigned, unassigned]) == ["\u0378"]
        assert "U+0378" in missing_message(["\u0378"])
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            first = draw(pose(), unassigned)
            assert draw(pose(), unassigned) == first
            draw(pose(), "\u0379")
        (only,) = said
        assert only.category is GlyphWarning
        assert "U+0378" in str(only.message)
        assert typesetting._piece("�", typesetting.Face(27)).coverage.any()

    def test_nothing_missing_in_plain_words(self) -> None:
        assert missing_glyphs(["a person's arm — naïve, “quoted”… №1 Ωмир\n\t\u200d"]) == []

    @given(st.text(max_size=80))
    @settings(max_examples=30, deadline=None)
    def test_any_caption(self, caption: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GlyphWarning)
            lines = typesetting.wrap(caption, 27, 1120, 4)
        assert len(lines) <= 4
        assert all(line.width <= 1120 for line in lines)

    @pytest.mark.parametrize("caption", ["lone \ud800 half", "nul \x00 inside", "\u202e reversed"])
    def test_odd_captions(self, caption: str, fresh_warning: None) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GlyphWarning)
            with Image.open(io.BytesIO(draw(pose(), caption))) as image:
                image.load()
                assert "caption" in image.info
