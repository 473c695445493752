"""posepipe.picture: the PNG file itself, and contact sheets."""

from __future__ import annotations

import hashlib
import io
import pickle
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from posed import SPREAD, pixels_of

from posepipe.errors import InputError
from posepipe.picture import Picture, colours, draw, sheet

CHINESE = "一个人向前走，然后举起左手挥手。"


class TestFile:
    def test_size_and_resolution(self) -> None:
        with Image.open(io.BytesIO(draw(SPREAD, "x"))) as image:
            image.load()
            assert (image.format, image.mode, image.size) == ("PNG", "P", (1200, 1200))
            assert image.info["dpi"] == pytest.approx((150, 150), abs=0.02)

    def test_chunks_are_sound(self) -> None:
        png = draw(SPREAD, CHINESE, model="m", seed=1)
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        kinds, at = [], 8
        while at < len(png):
            (length,) = struct.unpack(">I", png[at : at + 4])
            kinds.append(png[at + 4 : at + 8])
            (check,) = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
            assert zlib.crc32(png[at + 4 : at + 8 + length]) == check
            at += 12 + length
        assert kinds[0] == b"IHDR"
        assert kinds[-2:] == [b"IDAT", b"IEND"]
        assert kinds.count(b"pHYs") == 1

    @pytest.mark.parametrize("seed", [0, 3407, 2**64 - 1])
    def test_says_what_it_is(self, seed: int) -> None:
        with Image.open(io.BytesIO(draw(SPREAD, CHINESE, model="模型:factory", seed=seed))) as image:
            image.load()
            assert image.info["caption"] == CHINESE
            assert image.info["model"] == "模型:factory"
            assert image.info["seed"] == str(seed)

    def test_without_model_and_seed(self) -> None:
        with Image.open(io.BytesIO(draw(SPREAD, "x"))) as image:
            image.load()
            assert "seed" not in image.info
            assert "model" not in image.info

    def test_a_notebook_shows_it(self) -> None:
        picture = draw(SPREAD, "x")
        assert isinstance(picture, Picture)
        assert isinstance(picture, bytes)
        assert picture._repr_png_() == picture
        again = pickle.loads(pickle.dumps(picture))
        assert type(again) is Picture
        assert again == picture

    def test_same_bytes_in_another_process_that_loads_no_pyplot(self, tmp_path: Path) -> None:
        np.save(tmp_path / "pose.npy", SPREAD)
        script = (
            "import hashlib, sys, numpy, posepipe.picture as p\n"
            "heavy = {'matplotlib', 'cv2', 'PIL', 'zlib_ng', 'torch', 'pandas'} & set(sys.modules)\n"
            "assert not heavy, heavy\n"
            "p.draw(numpy.zeros((22, 3)), 'another one first')\n"
            "print(hashlib.sha256(p.draw(numpy.load(sys.argv[1]), 'a caption', model='m', seed=1)).hexdigest())\n"
            "assert 'matplotlib.pyplot' not in sys.modules\n"
        )
        command = [sys.executable, "-W", "error", "-c", script, str(tmp_path / "pose.npy")]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        mine = hashlib.sha256(draw(SPREAD, "a caption", model="m", seed=1)).hexdigest()
        assert run.stdout.strip() == mine

    def test_size_on_disk(self) -> None:
        random = np.random.default_rng(0)
        caption = "a person stretches, with one arm up and the other out to the side"
        sizes = [len(draw(SPREAD + random.normal(scale=0.05, size=(22, 3)), caption)) for _ in range(20)]
        assert np.mean(sizes) < 170_000


class TestSheet:
    def test_rows_and_columns(self, tmp_path: Path) -> None:
        picture = draw(SPREAD, "one")
        path = tmp_path / "two.png"
        path.write_bytes(picture)
        made = sheet([picture, path, str(path)], columns=2, thumb=100)
        assert isinstance(made, bytes)
        pixels = pixels_of(made)
        assert pixels.shape[1] == 2 * 112 + 12
        cells = [pixels[12:112, 12:112], pixels[12:112, 124:224]]
        np.testing.assert_array_equal(cells[0], cells[1])
        assert (np.ptp(cells[0].astype(int), axis=-1) > 60).sum() > 100
        assert (pixels[112:135, 12:60] < 128).any(), "the caption that the file carries"
        assert (pixels[pixels.shape[0] // 2 :, 124:] == 255).all()

    def test_labels(self) -> None:
        picture = draw(SPREAD, "")
        plain, labelled = pixels_of(sheet([picture])), pixels_of(sheet([picture], labels=["<b>wave</b>"]))
        assert plain.shape == labelled.shape
        assert (plain[252:] == 255).all()
        assert (labelled[252:] < 128).any()

    def test_broken_files_say_so(self, tmp_path: Path) -> None:
        picture = draw(SPREAD, "")
        (tmp_path / "torn.png").write_bytes(picture[:5000])
        made = pixels_of(sheet([tmp_path / "torn.png", tmp_path / "gone.png", b"no png", picture], columns=4))
        for column in range(3):
            left = 12 + 252 * column
            assert (made[12:252, left : left + 240] == colours.FLOOR).all()
            assert (made[252:, left : left + 240] < 128).any()
        assert not (made[12:252, 768:1008] == colours.FLOOR).all()

    @pytest.mark.parametrize(
        ("count", "options"),
        [(0, {}), (1, {"columns": 0}), (1, {"thumb": 10}), (1, {"thumb": 5000}), (1, {"labels": ["a", "b"]})],
    )
    def test_wrong_arguments(self, count: int, options: dict[str, int]) -> None:
        with pytest.raises(InputError):
            sheet([draw(SPREAD, "")] * count, **options)  # type: ignore[arg-type]
