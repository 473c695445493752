"""The documented lines for datasets and for other readers of the manifest, run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from huggingface_hub import DatasetCard
from outputs import CAPTIONS, Output

import posepipe
from posepipe.run import export
from posepipe.skeleton import JOINT_NAMES

ROOT = Path(__file__).parent.parent
OUTPUTS = (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8")
MANIFESTS = (ROOT / "manifests" / "README.md").read_text(encoding="utf-8")
CARD = (ROOT / "docs" / "dataset_card.md").read_text(encoding="utf-8")


def block(text: str, word: str, language: str = "python") -> str:
    """The only block of a document in a language that has a word."""
    [found] = [b for b in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL) if word in b]
    return found


def runs(folder: Path, script: str) -> str:
    """What a script prints, in a process of its own without network and with caches in the folder."""
    more = {"HF_HOME": str(folder / "cache"), "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env={**os.environ, **more}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def made(folder: Path, **options: str) -> Output:
    """Poses in ``SinglePose``, with the manifest where the documents say."""
    names = {"final_dir": str(folder / "SinglePose"), "manifest": str(folder / "manifests" / "SinglePose")}
    output = Output(folder, CAPTIONS, **{**names, **options})
    output.run()
    return output


def test_the_exported_file_is_a_dataset(tmp_path: Path) -> None:
    pytest.importorskip("datasets")
    made(tmp_path, formats="npy")
    assert export.main([str(tmp_path / "SinglePose"), "--to", str(tmp_path / "joints.parquet")]) == 0
    lines = block(OUTPUTS, 'load_dataset("parquet"')
    assert lines.strip().count("\n") == 2, "two lines and an empty one"
    told = runs(tmp_path, lines + 'p = poses[1]\nprint(len(poses), p["joints"].shape, p["joints"].dtype, p["caption"])')
    assert told == "5 (22, 3) float32 A person sitting\n"


def test_an_exported_folder_is_a_dataset(tmp_path: Path) -> None:
    pytest.importorskip("datasets")
    made(tmp_path, formats="npy")
    assert export.main([str(tmp_path / "SinglePose"), "--to", str(tmp_path / "data")]) == 0
    (tmp_path / "data" / "README.md").write_text(CARD, encoding="utf-8")
    told = runs(tmp_path, 'from datasets import load_dataset\nprint(load_dataset("data", split="train").column_names)')
    assert told.split("'")[1::2] == pq.read_schema(next((tmp_path / "data").glob("*.parquet"))).names


def test_shards_are_a_dataset(tmp_path: Path) -> None:
    pytest.importorskip("datasets")
    made(tmp_path, layout="shards", formats="npy,json,openpose,openpose-png,motion")
    lines = block(OUTPUTS, 'load_dataset("webdataset"')
    assert lines.strip().count("\n") == 2, "two lines and an empty one"
    show = 'p = poses[1]\nprint(len(poses), len(p["npy"]), p["json"]["caption"])\n'
    show += 'print(p["openpose.png"].size, len(p["motion.npy"]))'
    assert runs(tmp_path, lines + show) == "5 22 A person sitting\n(1200, 1200) 16\n"


def test_webdataset_reads_shards_itself(tmp_path: Path) -> None:
    pytest.importorskip("webdataset")
    made(tmp_path, layout="shards", formats="npy,json,openpose-png")
    [shard] = (tmp_path / "SinglePose").glob("*.tar")
    assert 'webdataset.WebDataset("SinglePose/poses-....tar").decode("rgb")' in OUTPUTS
    script = f"""
import webdataset
for p in webdataset.WebDataset("SinglePose/{shard.name}", shardshuffle=False).decode("rgb"):
    print(p["npy"].shape, p["json"]["caption"], p["openpose.png"].shape)
"""
    assert runs(tmp_path, script).splitlines()[0] == "(22, 3) A person waving (1200, 1200, 3)"


def test_the_card_describes_the_columns_and_its_header_is_one(tmp_path: Path) -> None:
    made(tmp_path, formats="npy")
    assert export.main([str(tmp_path / "SinglePose"), "--to", str(tmp_path / "x.parquet")]) == 0
    described = re.findall(r"^\| `(\w+)` \|", CARD, re.MULTILINE)
    assert described == pq.read_schema(tmp_path / "x.parquet").names
    assert ", ".join(JOINT_NAMES) in CARD.replace(",\n", ", ")
    card = DatasetCard(CARD)
    assert card.data.to_dict()["configs"][0]["data_files"] == [{"split": "train", "path": "train-*.parquet"}]


def test_each_reader_of_the_manifest_finds_the_newest_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    output = made(tmp_path, formats="npy")
    output.run(formats="npy,json")  # a second row for each pose
    monkeypatch.chdir(tmp_path)
    pandas_line, polars_line = [line for line in MANIFESTS.splitlines() if line.startswith("rows = rows.sort")]
    wanted = posepipe.read_manifest("manifests/SinglePose").sort_values("caption_id")["json_sha256"].tolist()
    assert all(wanted)
    scope = {"rows": pd.read_parquet("manifests/SinglePose")}
    assert len(scope["rows"]) == 10
    exec(pandas_line, scope)
    assert scope["rows"].sort_values("caption_id")["json_sha256"].tolist() == wanted
    scope = {"rows": polars.read_parquet("manifests/SinglePose")}
    exec(polars_line, scope)
    assert scope["rows"].sort("caption_id")["json_sha256"].to_list() == wanted
    found = duckdb.sql(block(MANIFESTS, "QUALIFY", "sql")).df()
    assert found.sort_values("caption_id")["json_sha256"].tolist() == wanted
