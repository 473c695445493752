"""--picture and --transparent: new pictures, pictures of another style that are there, and export."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from outputs import CAPTIONS, Output, command, faults_of, rows_of
from PIL import Image

from posepipe import manifest, picture
from posepipe.commandline.values import PICTURES
from posepipe.errors import SettingsMismatch
from posepipe.run import export
from posepipe.storage import shards
from posepipe.storage.artifact_formats import file_of

LAYOUTS = ["folders", "shards"]


def looks(output: Output) -> set[tuple[str, str]]:
    """What the manifest says about each picture, and what the picture is."""
    return {(row["picture"], _look_of(output, row)) for row in rows_of(output).values()}


def _look_of(output: Output, row: dict[str, Any]) -> str:
    content = shards.read(output.config.folders().final, file_of(row["path"], "png"))
    with Image.open(io.BytesIO(content)) as image:
        return image.info["style"] + (" transparent" if image.has_transparency_data else "")


def files_of(output: Output) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in output.out.rglob("[!.]*") if path.is_file()}


def strays(output: Output) -> list[str]:
    """Faults other than shards that were replaced."""
    return [fault for fault in faults_of(output) if not fault.endswith(".tar")]


def test_the_options_are_the_styles_of_the_picture() -> None:
    assert PICTURES == picture.STYLES


@pytest.mark.parametrize("layout", LAYOUTS)
def test_pictures_of_another_style_are_drawn_again_on_request(tmp_path: Path, layout: str) -> None:
    output = Output(tmp_path, CAPTIONS[:2], layout=layout)
    output.run()
    assert looks(output) == {("mannequin", "mannequin")}
    before = rows_of(output)
    with pytest.raises(SettingsMismatch, match="2 pictures have another style than skeleton: --picture mannequin goes"):
        output.run(picture="skeleton")
    with pytest.raises(SettingsMismatch, match="another style than diagram"):
        output.run(picture="diagram")
    kept = output.plan(picture="skeleton", on_mismatch="keep")
    assert (len(kept.work), kept.other_pictures) == (0, 2)
    assert output.run(picture="skeleton", on_mismatch="regenerate") == ["redraw"] * 2, "the model is not needed"
    assert looks(output) == {("skeleton", "skeleton")}
    after = rows_of(output)
    for stem, row in after.items():
        assert (row["npy_sha256"], row["settings_id"]) == (before[stem]["npy_sha256"], before[stem]["settings_id"])
        sizes = [
            len(shards.read(output.config.folders().final, file_of(row["path"], n))) for n in ("npy", "json", "png")
        ]
        assert row["bytes"] == sum(sizes)
    assert strays(output) == []
    assert not (output.out / ".set-aside").exists(), "the picture was posepipe's own"
    assert output.run(picture="skeleton") == []
    with pytest.raises(SettingsMismatch, match="another style than mannequin"):
        output.run()


def test_a_killed_redrawing_is_finished_by_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = Output(tmp_path, CAPTIONS[:2])
    output.run()
    write, calls = manifest.write_fragment, []

    def killed(*arguments: Any, **options: Any) -> str:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt  # the pictures are there, their rows are not
        return write(*arguments, **options)

    monkeypatch.setattr(manifest, "write_fragment", killed)
    with pytest.raises(KeyboardInterrupt):
        output.run(picture="skeleton", on_mismatch="regenerate")
    monkeypatch.setattr(manifest, "write_fragment", write)
    assert {fault.partition(" ")[0] for fault in faults_of(output)} == {"stray"}, "no row describes a changed file"
    assert output.run(picture="skeleton") == ["redraw"] * 2
    assert looks(output) == {("skeleton", "skeleton")}
    assert faults_of(output) == []


def test_pictures_of_earlier_versions_are_diagrams_and_stay(tmp_path: Path) -> None:
    output = Output(tmp_path, CAPTIONS[:2], picture="diagram")
    output.run()
    old = [row | {"picture": None} for row in rows_of(output).values()]
    for name in manifest.list_fragments(output.manifest):
        (output.manifest / name).unlink()
    manifest.write_fragment(output.manifest, old, "old", fsync=False)
    plan = output.plan(picture=None)
    assert (len(plan.work), plan.other_pictures) == (0, 2), "a run that goes on leaves them, and says so"
    assert output.plan(picture="diagram").other_pictures == 0
    with pytest.raises(SettingsMismatch, match="another style than mannequin"):
        output.run(picture="mannequin")
    assert output.run(picture=None, on_mismatch="regenerate") == ["redraw"] * 2
    assert looks(output) == {("mannequin", "mannequin")}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_export_draws_another_style_beside_or_in_place(
    tmp_path: Path, layout: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = Output(tmp_path, CAPTIONS[:2], layout=layout)
    output.run()
    beside = tmp_path / "beside"
    untouched = files_of(output)
    arguments = ("--formats", "png,npy", "--picture", "skeleton", "--out", str(beside))
    for _ in range(2):
        assert command(output, *arguments) == 0, "what is there with the same bytes counts"
        assert capsys.readouterr().out == f"4 files of 2 poses: {beside}\n"
    assert files_of(output) == untouched
    [shown] = beside.rglob("waving.png")
    assert Image.open(shown).info["style"] == "skeleton"
    shown.write_bytes(b"mine")
    assert command(output, *arguments) == 1
    assert "waving.png is there with other content; delete it, or give another --out" in capsys.readouterr().err
    assert shown.read_bytes() == b"mine"

    assert command(output, "--formats", "png", "--picture", "skeleton") == 4
    assert (
        "2 pictures have another style than skeleton (mannequin): --on-mismatch regenerate" in capsys.readouterr().err
    )
    assert command(output, "--formats", "png,bvh") == 0, "without --picture the pictures stay"
    assert looks(output) == {("mannequin", "mannequin")}
    assert command(output, "--formats", "png", "--picture", "skeleton", "--on-mismatch", "regenerate") == 0
    assert "2 pictures of another style to draw again" in capsys.readouterr().err
    assert looks(output) == {("skeleton", "skeleton")}
    assert strays(output) == []
    assert not (output.out / ".set-aside").exists()


REFUSED = {
    "--formats bvh --picture diagram": "--picture: has no effect without png in --formats",
    "--to x.parquet --transparent": "--transparent: has no effect without png in --formats",
    "--formats bvh --on-mismatch keep": "--on-mismatch: has no effect without png in --formats",
    "--formats png --on-mismatch keep --out o": "--on-mismatch: has no effect with --out",
    "--to x.parquet --out o": "--out o: has no effect without --formats",
    "--formats png --out out/o": "--out out/o: is inside out, where verify would report strays",
    "--formats png --out captions.txt": "--out captions.txt: is not a folder; give another name",
    "--formats png --picture diagram --transparent": "--transparent: has no effect on --picture diagram",
}


def test_what_has_no_effect_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Output(tmp_path, CAPTIONS[:1], formats="npy").run()
    monkeypatch.chdir(tmp_path)
    for arguments, told in REFUSED.items():
        assert export.main(["out", "--manifest", "m", *arguments.split()]) == 2
        assert capsys.readouterr().err.startswith(f"posepipe: {told}")
