"""Output on object storage, against an S3 server in a process of its own, with faults in between."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import s3_server
from runs import artifacts, environment, run, start, wait_for, write_captions

import posepipe
from posepipe import manifest
from posepipe.captions.stems import stem_of
from posepipe.control import lease
from posepipe.control.lock import RunControl
from posepipe.control.state import RunState, new_state
from posepipe.errors import LockedError, MachineError, UnsafePath, is_machine_error
from posepipe.storage import locations
from posepipe.storage.artifact_formats import column_of
from posepipe.storage.folders import RemoteFolder
from posepipe.storage.stores import FileStore, ShardStore

TEXTS = [f"A person number {i} waving" for i in range(24)]
MANIFEST = "s3://poses/manifests/out"


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an undisturbed run into local files."""
    folder = tmp_path_factory.mktemp("local")
    write_captions(folder / "c.txt", TEXTS)
    assert run(folder, "c.txt").returncode == 0
    return folder / "SinglePose"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3_server.serving() as address:
        yield address


@pytest.fixture
def s3(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The server's address, taken by this process and those it starts; its bucket is empty."""
    for name, value in s3_server.environment(server).items():
        monkeypatch.setenv(name, value)
    bucket = remote("s3://poses")
    for name in list(bucket.names_below()):
        bucket.delete(name)
    return server


def remote(address: str) -> RemoteFolder:
    folder = locations.open_folder(address)
    assert isinstance(folder, RemoteFolder)
    return folder


def objects(prefix: str) -> dict[str, bytes]:
    """All objects below an address but those that begin with a dot."""
    folder = remote(prefix)
    return {name: folder.read(name) for name in folder.names_below() if not name.startswith(".")}


def command(out: str, *more: str) -> tuple[str, ...]:
    return ("c.txt", "--final-dir", out, "--manifest", MANIFEST, *more)


def dask(folder: Path, *arguments: str, more: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """A process of Dask's in a folder of its own; ``more``: environment."""
    folder.mkdir()
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{arguments[0]}", *arguments[1:]],
            cwd=folder,
            env=environment() | (more or {}),
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def posepipe_verify(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "posepipe", "verify", *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_run_killed_on_its_way_to_s3_goes_on_to_the_same_bytes(tmp_path: Path, s3: str, local: Path) -> None:
    slow = [f"A person slowly {i}" for i in range(100)]
    write_captions(tmp_path / "c.txt", [*TEXTS, *slow])
    process = start(tmp_path, *command("s3://poses/out"))
    wait_for(lambda: len(manifest.list_fragments(MANIFEST)) > 0)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    before = posepipe.read_manifest(MANIFEST)
    assert 0 < len(before) < 124
    store = FileStore("s3://poses/out", tmp_path)
    assert all(store.read(path, extension) for path in before["path"] for extension in ("npy", "json", "png"))
    done = run(tmp_path, *command("s3://poses/out"))
    assert done.returncode == 0, done.stderr
    assert f"{len(before)} were there" in done.stderr
    assert lease.NAME not in remote("s3://poses/out").names_below()
    made = objects("s3://poses/out")
    assert len(made) == 3 * 124
    assert {name: made[name] for name in artifacts(local)} == artifacts(local)
    checked = posepipe_verify(tmp_path, "out")
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr
    poses = posepipe.open_poses(tmp_path / "out")
    assert len(poses) == 124
    np.testing.assert_array_equal(posepipe.open_poses("s3://poses/out", MANIFEST).joints(), poses.joints())
    name = f"{stem_of(TEXTS[0], '')}.npy"
    remote("s3://poses/out").write(name, b"broken")
    checked = posepipe_verify(tmp_path, "out")
    assert checked.returncode == 1
    assert name in checked.stdout
    assert posepipe_verify(tmp_path, "out", "--repair").returncode == 2
    another = run(tmp_path, *command("s3://poses/other"))
    assert another.returncode == 4, another.stderr


def test_shards_on_s3_through_slow_and_failing_answers(
    tmp_path: Path, s3: str, local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_captions(tmp_path / "c.txt", TEXTS)
    refused: list[str] = []

    def fault(method: str, path: str, number: int) -> float:
        if number % 5 == 3:
            refused.append(f"{method} {path}")
            return 503 if number % 2 else 500
        return 0.3 if number % 7 == 0 else 0

    with s3_server.proxy(s3, fault) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        done = run(tmp_path, *command("s3://poses/out", "--layout", "shards"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    assert done.returncode == 0, done.stderr
    assert len(refused) >= 3
    assert all(name.endswith(".tar") for name in objects("s3://poses/out"))
    poses = posepipe.open_poses(tmp_path / "out")
    np.testing.assert_array_equal(poses.joints(), posepipe.open_poses(local).joints())
    assert posepipe_verify(tmp_path, "out").returncode == 0


def test_an_address_that_refuses_or_is_not_there_is_said_and_nothing_is_lost(
    tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_captions(tmp_path / "c.txt", TEXTS[:3])
    done = run(tmp_path, "c.txt", "--final-dir", "s3://no-such-bucket/out")
    assert done.returncode == 3
    assert "make the bucket first" in done.stderr
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with s3_server.proxy(s3, lambda *_: 403) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        done = run(tmp_path, "c.txt", "--final-dir", "s3://poses/out")
    assert done.returncode == 3
    assert "s3://poses/out" in done.stderr
    assert len(done.stderr.splitlines()) <= 2
    assert not (tmp_path / "out").exists()


def test_three_workers_of_a_cluster_write_to_s3_and_one_is_killed(tmp_path: Path, s3: str, local: Path) -> None:
    texts = [*TEXTS, *(f"A person slowly {i}" for i in range(60))]
    write_captions(tmp_path / "c.txt", texts)
    port = s3_server.free_port()
    address = f"tcp://127.0.0.1:{port}"
    common = ["--host", "127.0.0.1", "--no-dashboard"]
    worker = ["dask_worker", address, *common, "--nthreads", "2", "--preload", "posepipe.cluster"]
    worker += ["--resources", "infer=1 publish=1"]
    processes = [dask(tmp_path / "s", "dask_scheduler", "--port", str(port), *common)]
    try:
        processes += [dask(tmp_path / f"w{n}", *worker, "--name", f"w{n}", "--no-nanny") for n in range(3)]
        wait_for(lambda: all(b"Registered to" in (tmp_path / f"w{n}" / "log").read_bytes() for n in range(3)))
        process = start(tmp_path, *command("s3://poses/out", "--scheduler", address))
        wait_for(lambda: len(manifest.list_fragments(MANIFEST)) > 0)
        before = posepipe.read_manifest(MANIFEST)
        busy = str(before["worker"].iloc[0])
        processes[1 + int(busy.removeprefix("w"))].kill()
        told, _ = process.communicate(timeout=180)
    finally:
        for process in processes[::-1]:
            process.kill()
            process.wait()
    rows = posepipe.read_manifest(MANIFEST)
    assert (len(rows), set(rows["status"])) == (len(texts), {"done"}), told
    assert len(before) < len(texts)
    assert busy in set(rows["worker"])
    assert len(set(rows["worker"])) > 1
    made = objects("s3://poses/out")
    assert len(made) == 3 * len(texts)
    assert {name: made[name] for name in artifacts(local)} == artifacts(local)
    assert posepipe_verify(tmp_path, "out").returncode == 0


def test_a_pose_in_a_shard_is_fetched_without_the_others(
    tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shard = ShardStore(FileStore("s3://poses/out", tmp_path), "poses-run-000001")
    picture = bytes(100_000)
    files = {f"k{i}": {"npy": bytes([i]) * 400, "png": picture} for i in range(20)}
    published = {key: shard.publish(key, content) for key, content in files.items()}
    shard.place()
    shard.sync()
    sent: list[int] = []
    with s3_server.proxy(s3, sent=sent) as address:
        monkeypatch.setitem(locations._OPTIONS, "s3", {**locations._S3, "client_kwargs": {"endpoint_url": address}})
        store = FileStore("s3://poses/out", tmp_path)
        found = {key: store.read(place.path, "npy") for key, place in published.items()}
        assert found == {key: content["npy"] for key, content in files.items()}
        assert len(picture) < sum(sent) < 25 * len(picture)  # the shard once, to find its members
        sent.clear()
        assert [store.read(place.path, "npy") for place in published.values()] == list(found.values())
        assert sum(sent) == 20 * 400


def state_of(run_id: str) -> RunState:
    places = {"manifest": MANIFEST, "temp_dir": "t", "log_dir": "l"}
    return new_state(run_id, final_dir="s3://poses/out", model="small", **places)


def test_one_run_drives_an_address_from_whichever_folder(tmp_path: Path, s3: str) -> None:
    first = RunControl(tmp_path / "a", state_of("one"))
    with pytest.raises(LockedError, match="s3://poses/out is held by run one"):
        RunControl(tmp_path / "b", state_of("two"))
    assert not (tmp_path / "b").exists()
    write_captions(tmp_path / "c.txt", TEXTS[:1])
    refused = run(tmp_path, *command("s3://poses/out"))
    assert refused.returncode == 4, refused.stderr
    assert "is held by run one" in refused.stderr
    assert list(objects("s3://poses")) == [f"out/{lease.NAME}"]
    first.close()
    RunControl(tmp_path / "b", state_of("two")).close()
    assert list(remote("s3://poses").names_below()) == []


def test_a_lease_of_the_dead_is_free(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = remote("s3://poses/out")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    lease.Lease(place, "one", ended.pid)
    ended.wait()
    lease.Lease(place, "two", os.getpid()).close()
    for content in (json.dumps({"holder": "three", "pid": ended.pid, "processes": "elsewhere"}), "no JSON"):
        place.write(lease.NAME, content.encode())
        with pytest.raises(LockedError, match=r"is held by (three|another process); .* free 5 minutes after"):
            lease.Lease(place, "four", os.getpid())
        with monkeypatch.context() as patch:
            patch.setattr(lease, "STALE_SECONDS", -1.0)
            lease.Lease(place, "four", os.getpid()).close()
    assert list(place.names_below()) == []


def test_a_run_whose_lease_was_taken_stops_and_leaves_it(
    tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.01)
    held = RunControl(tmp_path / "a", state_of("one"))
    assert not held.asked_to_stop()
    place = remote("s3://poses/out")
    wait_for(lambda: (place.write(lease.NAME, b"{}"), held.asked_to_stop())[1])
    held.close()
    assert place.read(lease.NAME) == b"{}"


def test_a_bucket_lost_on_the_way_is_the_machines_doing(tmp_path: Path, s3: str) -> None:
    store = FileStore("s3://gone/out", tmp_path)
    store.publish("waving", {"npy": b"x"})
    with pytest.raises(FileNotFoundError) as raised:
        store.place()
    assert is_machine_error(raised.value)
    assert str(raised.value.filename) == "s3://gone/out/waving.npy"


def test_a_server_that_takes_no_connection_is_the_machines_doing(
    tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(locations._OPTIONS, "s3", {"config_kwargs": {"retries": {"max_attempts": 1}}})
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{s3_server.free_port()}")
    store = FileStore("s3://poses/out", tmp_path)
    store.publish("waving", {"npy": b"x"})
    with pytest.raises(MachineError, match=r"waving\.npy: EndpointConnectionError"):
        store.place()


def test_poses_are_not_put_into_the_memory_of_workers(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", TEXTS[:1])
    done = run(tmp_path, "c.txt", "--final-dir", "memory://x/out")
    assert done.returncode == 2
    assert "memory://x/out" in done.stderr
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "manifests").exists()


def test_a_worker_that_does_not_reach_the_address_is_refused_before_anything_is_made(tmp_path: Path, s3: str) -> None:
    write_captions(tmp_path / "c.txt", TEXTS)
    port = s3_server.free_port()
    address = f"tcp://127.0.0.1:{port}"
    common = ["--host", "127.0.0.1", "--no-dashboard"]
    worker = ["dask_worker", address, *common, "--preload", "posepipe.cluster", "--resources", "infer=1 publish=1"]
    elsewhere = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{s3_server.free_port()}", "AWS_MAX_ATTEMPTS": "1"}
    processes = [dask(tmp_path / "s", "dask_scheduler", "--port", str(port), *common)]
    try:
        processes.append(dask(tmp_path / "w", *worker, "--no-nanny", more=elsewhere))
        wait_for(lambda: b"Registered to" in (tmp_path / "w" / "log").read_bytes())
        done = run(tmp_path, *command("s3://poses/out", "--scheduler", address))
    finally:
        for process in processes[::-1]:
            process.kill()
            process.wait()
    assert done.returncode == 3, done.stderr
    assert "cannot use s3://poses/out (EndpointConnectionError" in done.stderr
    assert objects("s3://poses/out") == {}


@pytest.mark.parametrize(("layout", "formats"), [("files", "npy,png"), ("folders", "npy,json,png"), ("files", "npy")])
def test_foreign_objects_are_set_aside_on_s3(tmp_path: Path, s3: str, layout: str, formats: str) -> None:
    write_captions(tmp_path / "c.txt", TEXTS[:4])
    arguments = command("s3://poses/out", "--layout", layout, "--formats", formats)
    assert run(tmp_path, *arguments).returncode == 0
    bucket = remote("s3://poses/out")
    made = objects("s3://poses/out")
    name = next(name for name in made if name.endswith(".npy"))
    bucket.write(name, b"mine")
    for fragment in manifest.list_fragments(MANIFEST):
        remote(MANIFEST).delete(fragment)
    planned = run(tmp_path, *arguments, "--dry-run")
    assert f"s3://poses/out: {len(made)} files under the names of new poses that no row describes" in planned.stderr
    assert bucket.read(name) == b"mine"
    again = run(tmp_path, *arguments)
    assert again.returncode == 0, again.stderr
    assert "  1 file in the way or not made again moved to s3://poses/out/.set-aside" in again.stderr
    assert objects("s3://poses/out") == made
    aside = [other for other in bucket.names_below() if other.startswith(".set-aside/")]
    assert [other.split("/", 2)[2] for other in aside] == [name]
    assert bucket.read(aside[0]) == b"mine"


def test_a_foreign_json_on_s3_is_refused(tmp_path: Path, s3: str) -> None:
    write_captions(tmp_path / "c.txt", TEXTS[:2])
    bucket = remote("s3://poses/out")
    bucket.write(f"{stem_of(TEXTS[0], '')}.json", b'{"caption": "of somebody else"}')
    for more in ((), ("--dry-run",), ("--formats", "npy")):
        refused = run(tmp_path, *command("s3://poses/out", *more))
        assert refused.returncode == 4, refused.stderr
        assert "take another --final-dir" in refused.stderr.splitlines()[-1]
    assert list(bucket.names_below()) == [f"{stem_of(TEXTS[0], '')}.json"]


def test_no_shard_on_s3_overwrites_an_object(tmp_path: Path, s3: str) -> None:
    write_captions(tmp_path / "c.txt", TEXTS[:2])
    bucket = remote("s3://poses/out")
    bucket.write(f"{stem_of(TEXTS[0], '')}.json", b"mine")
    assert run(tmp_path, *command("s3://poses/out", "--layout", "shards")).returncode == 0
    assert bucket.read(f"{stem_of(TEXTS[0], '')}.json") == b"mine"
    assert {name.rpartition(".")[2] for name in objects("s3://poses/out")} == {"json", "tar"}


@pytest.mark.parametrize("name", ["../x", "/x", "a//x", "x\0"])
def test_no_method_of_a_remote_folder_leads_out_of_it(s3: str, name: str) -> None:
    bucket = remote("s3://poses/out")
    store = FileStore(bucket, Path("unused"))
    for call in (
        lambda: bucket.read(name),
        lambda: bucket.write(name, b"new"),
        lambda: bucket.delete(name),
        lambda: store.read(name, "npy"),
        lambda: store.publish(name, {"npy": b"new"}),
    ):
        with pytest.raises(UnsafePath):
            call()
    assert list(remote("s3://poses").names_below()) == []


@pytest.mark.parametrize("layout", ["files", "shards"])
def test_formats_are_added_to_poses_on_s3(tmp_path: Path, s3: str, layout: str) -> None:
    write_captions(tmp_path / "c.txt", TEXTS[:5])
    asked = ("--layout", layout, "--formats")
    assert run(tmp_path, *command("s3://poses/added", *asked, "npy,json")).returncode == 0
    arguments = [sys.executable, "-m", "posepipe", "export", "added", "--formats", "bvh,glb,openpose"]
    told = subprocess.run(arguments, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=120)
    assert (told.returncode, told.stdout) == (0, "15 files added to 5 poses: added\n"), told.stderr
    assert lease.NAME not in remote("s3://poses/added").names_below()
    done = run(tmp_path, *command("s3://poses/added", *asked, "npy,json,bvh,glb,openpose,motion"))
    assert done.returncode == 0, done.stderr
    rows = posepipe.read_manifest(MANIFEST)
    store = FileStore("s3://poses/added", tmp_path)
    for row in rows.to_dict("records"):
        for name in ("npy", "json", "bvh", "glb", "openpose", "motion"):
            assert hashlib.sha256(store.read(row["path"], name)).hexdigest() == row[column_of(name)]
    strays = [line.split("\t")[0] for line in posepipe_verify(tmp_path, "added").stdout.splitlines()]
    assert set(strays) == ({"stray"} if layout == "shards" else set()), "shards are replaced as a whole"
