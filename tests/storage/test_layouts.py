"""Layouts: the same bits in files, folders and tar shards, resumable and verifiable in each."""

from __future__ import annotations

import json
import os
import signal
import tarfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from runs import artifacts, run, start, wait_for, write_captions

import posepipe
from manifests import fragment_paths
from posepipe.captions.reading import caption_id
from posepipe.captions.stems import stem_of
from posepipe.storage import shards
from posepipe.storage.layout import folder_of
from posepipe.verify import __main__ as verify

TEXTS = [f"A person number {i} waving no. {i}.5" for i in range(24)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder in the layout of files."""
    folder = tmp_path_factory.mktemp("files")
    write_captions(folder / "c.txt", TEXTS)
    assert run(folder, "c.txt", "--variants", "2").returncode == 0
    return folder / "SinglePose"


def samples(out: Path) -> dict[str, dict[str, bytes]]:
    """All shards as WebDataset reads them: what stands before the first dot is the key, the rest the extension."""
    found: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
    for shard in sorted(out.glob("*.tar")):
        with tarfile.open(shard) as archive:
            keys = []
            for member in archive:
                key, _, extension = member.name.partition(".")
                content = archive.extractfile(member)
                assert content is not None
                found[key][extension] = content.read()
                keys.append(key)
        assert [key for key, other in zip(keys, ["", *keys], strict=False) if key != other] == list(dict.fromkeys(keys))
    return dict(found)


def by_key(out: Path) -> dict[str, dict[str, bytes]]:
    """Files as if they were in shards."""
    found: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
    for text in TEXTS:
        key = caption_id(text)
        for variant in ("", "__v1"):
            for extension in ("json", "npy", "png"):
                found[key + variant][extension] = (out / f"{stem_of(text, key)}{variant}.{extension}").read_bytes()
    return dict(found)


def test_shards_hold_the_same_bits_and_are_read_back_in_one_line(tmp_path: Path, files: Path) -> None:
    write_captions(tmp_path / "c.txt", TEXTS)
    arguments = ("c.txt", "--variants", "2", "--layout", "shards")
    assert run(tmp_path, *arguments).returncode == 0
    out = tmp_path / "SinglePose"
    assert {path.suffix for path in out.iterdir() if not path.name.startswith(".")} == {".tar"}
    assert samples(out) == by_key(files)
    assert verify.main([str(out), "--manifest", str(tmp_path / "manifests/SinglePose")]) == 0
    loose, packed = posepipe.open_poses(files), posepipe.open_poses(out)
    assert len(packed) == 2 * len(TEXTS)
    np.testing.assert_array_equal(packed.joints(), loose.joints())
    packed.write_parquet(tmp_path / "joints.parquet")
    table = pq.read_table(tmp_path / "joints.parquet")
    assert table.num_rows == 2 * len(TEXTS)
    assert table["caption"].to_pylist() == list(packed.rows["caption"])
    np.testing.assert_array_equal(np.array(table["joints"].to_pylist(), dtype=np.float32), packed.joints())
    assert "nothing to do, 48 were there" in run(tmp_path, *arguments).stderr


def test_a_killed_run_into_shards_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    texts = [*TEXTS, *(f"A person slowly {i}" for i in range(100))]
    write_captions(tmp_path / "c.txt", texts)
    arguments = ("c.txt", "--layout", "shards", "--formats", "npy,json")
    process = start(tmp_path, *arguments)
    out, table = tmp_path / "SinglePose", tmp_path / "manifests" / "SinglePose"
    wait_for(lambda: len(list(out.glob("*.tar"))) > 0 and len(fragment_paths(table)) > 0)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = len(posepipe.read_manifest(table))
    assert 0 < before < len(texts)
    done = run(tmp_path, *arguments)
    assert done.returncode == 0, done.stderr
    assert f"{before} were there" in done.stderr
    poses = posepipe.open_poses(out)
    assert set(poses.rows["caption"]) == set(texts)
    for row, joints in poses:
        content = json.loads(shards.read(out, f"{row['path']}.json"))
        assert content["caption"] == row["caption"]
        np.testing.assert_array_equal(np.array(content["joints"], dtype=np.float32), joints)


def test_a_format_added_to_a_shard_makes_another(tmp_path: Path, files: Path) -> None:
    write_captions(tmp_path / "c.txt", TEXTS)
    arguments = ("c.txt", "--variants", "2", "--layout", "shards")
    assert run(tmp_path, *arguments, "--formats", "npy").returncode == 0
    out = tmp_path / "SinglePose"
    first = {path.name: path.read_bytes() for path in out.glob("*.tar")}
    assert run(tmp_path, *arguments).returncode == 0
    assert {name: (out / name).read_bytes() for name in first} == first
    for path in first:  # no row speaks of them any more
        (out / path).unlink()
    assert samples(out) == by_key(files)
    assert verify.main([str(out), "--manifest", str(tmp_path / "manifests/SinglePose")]) == 0


def test_a_broken_shard_is_found_and_made_again(tmp_path: Path, files: Path) -> None:
    write_captions(tmp_path / "c.txt", TEXTS)
    arguments = ("c.txt", "--variants", "2", "--layout", "shards")
    assert run(tmp_path, *arguments).returncode == 0
    out, table = tmp_path / "SinglePose", str(tmp_path / "manifests/SinglePose")
    broken, *others = sorted(out.glob("*.tar"))
    assert others
    content = bytearray(broken.read_bytes())
    start = content.index(b'"joints": [[') + 14
    content[start] = ord("1") if content[start] != ord("1") else ord("2")
    broken.write_bytes(content[: len(content) // 2])
    assert verify.main([str(out), "--manifest", table]) == 1
    assert verify.main([str(out), "--manifest", table, "--repair"]) == 1
    done = run(tmp_path, *arguments)
    assert done.returncode == 0, done.stderr
    poses = posepipe.open_poses(out)
    np.testing.assert_array_equal(poses.joints(), posepipe.open_poses(files).joints())
    batches = list(torch.utils.data.DataLoader(poses, batch_size=4, num_workers=2))
    np.testing.assert_array_equal(torch.cat([joints for _, joints in batches]), poses.joints())
    assert [caption for rows, _ in batches for caption in rows["caption"]] == list(poses.rows["caption"])


def test_folders_hold_the_same_files(tmp_path: Path, files: Path) -> None:
    write_captions(tmp_path / "c.txt", TEXTS)
    arguments = ("c.txt", "--variants", "2", "--layout", "folders")
    assert run(tmp_path, *arguments).returncode == 0
    out = tmp_path / "SinglePose"
    found = {path.name: path for path in out.glob("??/*")}
    assert all(path.parent.name + "/" == folder_of(path.stem) for path in found.values())
    assert {name: path.read_bytes() for name, path in found.items()} == artifacts(files)
    table = tmp_path / "manifests/SinglePose"
    assert verify.main([str(out), "--manifest", str(table)]) == 0
    for fragment in fragment_paths(table):
        fragment.unlink()
    refused = run(tmp_path, "c.txt", "--variants", "2", "--layout", "folders", "--cfg", "1")
    assert refused.returncode == 0, refused.stderr  # files of these very captions may be written anew
    assert run(tmp_path, *arguments, "--on-mismatch", "regenerate").returncode == 0
    for fragment in fragment_paths(table):
        fragment.unlink()
    assert verify.main([str(out), "--manifest", str(table), "--adopt"]) == 0
    assert "nothing to do, 48 were there" in run(tmp_path, *arguments).stderr
    for fragment in fragment_paths(table):
        fragment.unlink()
    foreign = next(path for path in found.values() if path.suffix == ".json")
    foreign.write_text('{"caption": "another"}')
    assert run(tmp_path, *arguments).returncode == 4
