"""Where the official weights, their statistics and CLIP are published: repositories, revisions, sizes, checksums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["sit", "ddpm"]
Part = Literal["autoencoder", "sit", "ddpm", "length_estimator", "unnamed"]


@dataclass(frozen=True)
class Archive:
    """A zip archive on the Hugging Face hub and the one member of it that is needed.

    Attributes
    ----------
    part : Part
        What the member holds.
    repository : str
        ``owner/name`` on the hub.
    revision : str or None
        The pinned commit; None where it is not known to us.
    name : str
        File name of the archive.
    member : str
        Path of the weight file inside the archive.
    path : str
        Path of the weight file in the official layout, relative to the checkpoints folder.
    """

    part: Part
    repository: str
    revision: str | None
    name: str
    member: str
    path: str


ARCHIVES: Final[dict[Part, Archive]] = {
    "autoencoder": Archive(
        "autoencoder",
        "cr8br0ze/AE_humanml3d",
        "820463f243a39fe8d657c7216ac92f6fcbcb0c37",
        "AE_humanml3d.zip",
        "AE/model/latest.tar",
        "t2m/AE/model/latest.tar",
    ),
    "length_estimator": Archive(
        "length_estimator",
        "cr8br0ze/length_estimator",
        "af13da82bf96542c887d2bb60e93d3c79880a1ab",
        "length_estimator.zip",
        "length_estimator/model/finest.tar",
        "t2m/length_estimator/model/finest.tar",
    ),
    "sit": Archive(
        "sit",
        "cr8br0ze/MARDM_SiT_XL",
        "6b9a9d6ea5456995e9883bda317e45ef111ecad3",
        "MARDM_SiT_XL.zip",
        "MARDM_SiT_XL/model/latest.tar",
        "t2m/MARDM_SiT_XL/model/latest.tar",
    ),
    "ddpm": Archive(
        "ddpm",
        "cr8br0ze/MARDM_DDPM_XL",
        None,
        "MARDM_DDPM_XL.zip",
        "MARDM_DDPM_XL/model/latest.tar",
        "t2m/MARDM_DDPM_XL/model/latest.tar",
    ),
}


def archives(kind: Kind) -> tuple[Archive, ...]:
    """Archives of a model, the large one last."""
    return ARCHIVES["autoencoder"], ARCHIVES["length_estimator"], ARCHIVES[kind]


CLIP_REPOSITORY: Final = "openai/clip-vit-base-patch32"
CLIP_REVISION: Final = "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268"
CLIP_FOLDER: Final = "clip-vit-base-patch32"
CLIP_FILES: Final = ("config.json", "vocab.json", "merges.txt")

STATISTICS_URL: Final = (
    "https://raw.githubusercontent.com/neu-vi/MARDM/5e32b69723376028f38125ccee33011549cd341d/utils/eval_mean_std/t2m"
)
STATISTICS_SHA256: Final = {
    "eval_mean.npy": "1f866545af58e1d603b649fbf47680ffdcbf2856f8a3771c7e8aadb1098d560f",
    "eval_std.npy": "7898ab84360e67ef06046df9e39001b02182d3aeae2ae4e3a3f46277bd748045",
}
"""Mean and standard deviation of the features, published with MARDM's code. The README of MARDM allows their use in
place of the ``Mean.npy`` and ``Std.npy`` of HumanML3D."""
