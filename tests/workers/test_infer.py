def test_batches_have_the_size_asked_for_and_one_length(context: RunContext) -> None:
    frame = work([f"t {i}" for i in range(9)])
    frame.loc[:2, "length"] = 8
    state = State()
    infer_partition(frame, context, state)
    assert [len(keys) for keys in state.keys] == [9, 3, 4, 2]  # all of them while the captions are prepared


def test_suspects_in_small_pieces_get_the_same_poses(context: RunContext) -> None:
    frame = work([f"t {i}" for i in range(9)])
    state = State()
    pieces = infer_partition(frame, context, state, at_most=2)
    assert [len(keys) for keys in state.keys] == [9, 2, 2, 2, 2, 1]
    assert list(pieces["joints"]) == list(infer_partition(frame, context, State())["joints"])
    assert set(pieces["batch_size"]) == {4}


def test_a_lost_device_ends_the_worker_and_fails_nobody(context: RunContext) -> None:
    class Lost(FakeModel):
        def generate(self, captions: Any, seeds: Any, **more: Any) -> Any:
            raise RuntimeError("CUDA error: an illegal memory access was encountered")

    with pytest.raises(SystemExit, match="illegal memory access"):
        infer_partition(work(["a", "b"]), context, State(Lost()))


def test_a_caption_that_cannot_be_prepared_fails_alone(context: RunContext) -> None:
    class Bulk(FakeModel):
        default_cfg, bone_lengths = 1.0, None

        def prepare(self, captions: Sequence[str]) -> None:
            self.prepared = list(captions)
            if "bad" in captions:
                raise UnicodeError("no such token")

        def unsure(self, captions: Sequence[str]) -> Any:
            return np.zeros(len(captions), dtype=bool)

        def estimate_lengths(self, captions: Sequence[str], seeds: Sequence[int]) -> Any:
            raise AssertionError("a length was given")

        def automatic_batch_size(self, sequence_length: int) -> int:
            return 4

        def generate_poses(self, captions: Any, seeds: Any, *, frame_index: int, batch_size: int, **more: Any) -> Any:
            assert set(captions) <= set(self.prepared)
            return self.generate(captions, seeds, **more)[:, frame_index]

    model = Bulk()
    assert isinstance(model, BulkModel)
    poses = infer_partition(work(["a", "b", "bad", "c", "d"]), context, State(model))
    assert list(poses["error_type"]) == [None, None, "UnicodeError", None, None]
    assert poses["joints"].notna().sum() == 4


def test_out_of_gpu_memory_halves_the_batch_then_fails_the_one(tmp_path: Path) -> None:
    class Small(FakeModel):
        """Room for two captions; none for a long one."""

        def generate(self, captions: Any, seeds: Any, **more: Any) -> Any:
            if len(captions) > 2 or "long" in captions:
                raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
            sizes.append(len(captions))
            return super().generate(captions, seeds, **more)

    sizes: list[int] = []
    config = RunConfig(text_path="x", model="fake_model:factory", cfg=2.0, batch_size=8, temp_dir=str(tmp_path))
    context = RunContext(config, "run", "fake-1")
    texts = ["a", "b", "c", "d", "e", "f", "long", "g"]
    poses = infer_partition(work(texts), context, State(Small())).set_index("caption")
    assert poses["error_type"].dropna().to_dict() == {"long": "OutOfMemory"}
    assert "CUDA out of memory" in poses.loc["long", "error"]
    assert sizes == [2, 2, 2, 1]
