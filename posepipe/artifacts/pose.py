"""A single pose in memory, as :func:`posepipe.load` makes it: joints, motion, and what the manifest would say."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, overload

import numpy as np
from numpy.typing import NDArray

from posepipe.artifacts.encoding import artifact
from posepipe.commandline.values import PICTURES
from posepipe.config import RunConfig
from posepipe.errors import ConfigError, cannot_be_written
from posepipe.storage import atomic
from posepipe.storage.artifact_formats import TABLE, readings
from posepipe.wording import listing

if TYPE_CHECKING:
    from posepipe.picture import Drawing, Picture

SHOWN_WIDTH: Final = 480
"""Width of the picture in a notebook, in pixels."""
_CAPTION_SHOWN: Final = 60


@dataclass(frozen=True, eq=False, repr=False)
class Pose:
    """A pose made from a caption. Jupyter shows its picture.

    Attributes
    ----------
    joints : (22, 3) float32 array
        Metres, Y up, in HumanML3D's order (``posepipe run`` writes the same numbers).
    motion : (frames, 22, 3) float32 array
        The motion that the pose is a frame of: ``motion[frame_index]`` equals ``joints``.
    row : mapping
        The columns that the manifest has for such a pose, by name.
    config : RunConfig
        The options that it was made with.

    Examples
    --------
    >>> import posepipe
    >>> pose = posepipe.load("small")("A person arching back", seed=3407)
    >>> pose.joints.shape, pose.motion.shape
    ((22, 3), (16, 22, 3))
    """

    joints: NDArray[np.float32]
    motion: NDArray[np.float32]
    row: Mapping[str, Any]
    config: RunConfig

    @property
    def caption(self) -> str:
        """The caption, without the marks of a list and the like."""
        return str(self.row["caption"])

    @property
    def caption_id(self) -> str:
        """First 16 hex digits of a hash of the caption."""
        return str(self.row["caption_id"])

    @property
    def variant(self) -> int:
        """0 for the first pose of a caption."""
        return int(self.row["variant"])

    @property
    def seed(self) -> int:
        """The seed as it was given."""
        return int(self.row["seed"])

    @property
    def model(self) -> str:
        """Name of the model."""
        return str(self.row["model"])

    @property
    def frame_index(self) -> int:
        """Number of the frame of ``motion`` that is the pose, from 0."""
        return int(self.row["frame_index"])

    @property
    def stem(self) -> str:
        """Name for a file of this pose, without extension: ``arching_back``."""
        return str(self.row["stem"])

    @property
    def flags(self) -> str:
        """What is unusual, as in the manifest: some of ``unsure``, ``bones`` and so on, separated by commas, or ``""``.

        ``"unsure" in pose.flags`` means that the caption is far from what the model knows.
        """
        return str(self.row["flags"])

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the pose to a file, in the format that the extension names. A file that exists is replaced.

        Parameters
        ----------
        path : path
            The file gets the bytes that ``posepipe run`` writes for this pose. There are all formats of its
            ``--formats``, such as ``.npy``, ``.json`` and ``.png``, and ``.svg`` for a picture of lines.

        Raises
        ------
        ConfigError
            There is no such format.
        MachineError
            The file cannot be written, for example because the folder does not exist.
        """
        target = Path(path).expanduser()
        if target.suffix.lower() == ".svg":
            content = self.draw(format="svg").encode()
        else:
            content = self.encoded(_format_of(target))
        with cannot_be_written(target):
            atomic.write_bytes(target, content)

    @overload
    def draw(
        self,
        style: str | None = None,
        *,
        transparent: bool | None = None,
        format: Literal["png"] = "png",
        azimuth: float | None = None,
        elevation: float | None = None,
    ) -> Picture: ...

    @overload
    def draw(
        self,
        style: str | None = None,
        *,
        transparent: bool | None = None,
        format: Literal["svg"],
        azimuth: float | None = None,
        elevation: float | None = None,
    ) -> Drawing: ...

    def draw(
        self,
        style: str | None = None,
        *,
        transparent: bool | None = None,
        format: str = "png",
        azimuth: float | None = None,
        elevation: float | None = None,
    ) -> Picture | Drawing:
        """Draw the pose in any style and from any side. A notebook shows the result.

        Parameters
        ----------
        style : {"mannequin", "diagram", "skeleton"}, optional
            By default that of :func:`posepipe.load`.
        transparent : bool, optional
            No floor and no background. Without a style the default is that of :func:`posepipe.load`, else no.
        format : {"png", "svg"}
            ``svg`` is not for ``diagram``.
        azimuth : float, optional
            Degrees from +Z towards +X, where the left side of a person is who faces +Z. By default the view is the one
            that shows most of the pose. Not for ``diagram``, whose camera is fixed.
        elevation : float, optional
            Degrees above the horizon, from -90 to 90. Not for ``diagram``.

        Returns
        -------
        Picture or Drawing
            PNG as bytes, 1200 x 1200 pixels: ``Path("a.png").write_bytes(pose.draw("skeleton"))``; or SVG as text.

        Raises
        ------
        PoseError
            A style or format is unknown, an angle is out of range, or an option has no effect in this style.
        """
        if transparent is None:
            transparent = style is None and self.config.transparent
        from posepipe.picture import draw

        how: dict[str, Any] = {"style": style or self.config.picture or PICTURES[0], "transparent": transparent}
        how |= {"format": format, "azimuth": azimuth, "elevation": elevation}
        drawn: Picture | Drawing = draw(self.joints, self.caption, model=self.model, seed=self.seed, **how)
        return drawn

    def encoded(self, name: str) -> bytes:
        """The bytes that ``posepipe run`` writes for this pose in a format of its ``--formats``."""
        return artifact(name, self.joints, self.row, self.config, self.motion)

    def _repr_png_(self) -> bytes:
        """The picture, for notebooks."""
        return self.encoded("png")

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The picture with a size that suits a notebook; Jupyter prefers this over :meth:`_repr_png_`."""
        return (
            {"image/png": self._repr_png_(), "text/plain": repr(self)},
            {"image/png": {"width": SHOWN_WIDTH, "height": SHOWN_WIDTH}},
        )

    def __repr__(self) -> str:
        shown = self.caption if len(self.caption) <= _CAPTION_SHOWN else self.caption[: _CAPTION_SHOWN - 3] + "..."
        return (
            f"<Pose {shown!r}: frame {self.frame_index} of {len(self.motion)}, seed {self.seed}, "
            f"variant {self.variant}, flags {self.flags!r}>"
        )


def _format_of(path: Path) -> str:
    """The format that the extension of a file names; the longest suffix counts.

    Raises
    ------
    ConfigError
        There is none.
    """
    for stem, name in readings(path.name.lower()):
        if stem:
            return name
    raise ConfigError(
        f"{path}: the extension names no format; give {listing([*(each.suffix for each in TABLE), '.svg'])}"
    )
