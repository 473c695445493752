"""posepipe: captions in, static 3D human poses out.

One pose, or a few:

>>> import posepipe
>>> model = posepipe.load("small")
>>> pose = model("A person arching back", seed=3407)
>>> pose.joints.shape
(22, 3)
>>> pose.save("arching_back.png")  # doctest: +SKIP

Many poses, which a run that was interrupted continues. It starts processes, so a script needs the first line:

>>> if __name__ == "__main__":  # doctest: +SKIP
...     posepipe.generate(posepipe.RunConfig("captions.txt"))
...     rows = posepipe.read_manifest("manifests/SinglePose")
...     joints = posepipe.open_poses("SinglePose").joints()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posepipe._version import __version__

if TYPE_CHECKING:
    from posepipe.artifacts.pose import Pose
    from posepipe.artifacts.poses import open_poses
    from posepipe.config import RunConfig
    from posepipe.manifest import read_manifest
    from posepipe.run.job import generate
    from posepipe.run.loading import load

__all__ = ["Pose", "RunConfig", "__version__", "generate", "load", "open_poses", "read_manifest"]

_HOME = {
    "Pose": "artifacts.pose",
    "RunConfig": "config",
    "generate": "run.job",
    "load": "run.loading",
    "open_poses": "artifacts.poses",
    "read_manifest": "manifest",
}


if not TYPE_CHECKING:  # so that a type checker finds a misspelt name

    def __getattr__(name: str) -> Any:
        """Import a public name when it is first used, so that ``import posepipe`` is fast."""
        if name not in _HOME:
            raise AttributeError(f"module 'posepipe' has no attribute {name!r}")
        import importlib

        return getattr(importlib.import_module(f"posepipe.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """The public names, also those that are not imported yet."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
