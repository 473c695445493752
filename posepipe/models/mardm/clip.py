"""CLIP's text network, and its weights in a folder as on the Hugging Face hub."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from posepipe.errors import CheckpointError
from posepipe.models.mardm.tensors import State, empty_modules, load_safetensors, load_torch, write_tensors

WEIGHTS: Final = ("model.safetensors", "pytorch_model.bin")
"""File names of the weights on the hub, the preferred one first."""


@dataclass(frozen=True)
class ClipTextConfig:
    """Sizes of a :class:`ClipTextNetwork`; the defaults are those of ViT-B/32.

    Attributes
    ----------
    vocabulary, positions : int
        Tokens that are known, and the most tokens of a text.
    width, feedforward : int
        Width of a token, hidden width of the blocks' MLP.
    layers, heads : int
        Blocks, attention heads.
    text_width : int
        D, width of a text embedding.
    epsilon : float
        Of the layer norms.
    """

    vocabulary: int = 49408
    positions: int = 77
    width: int = 512
    feedforward: int = 2048
    layers: int = 12
    heads: int = 8
    text_width: int = 512
    epsilon: float = 1e-5


class HalfLinear(nn.Linear):
    """A linear layer that may hold float16 weights and always computes in float32."""

    def forward(self, x: Tensor) -> Tensor:
        bias = None if self.bias is None else self.bias.float()
        out: Tensor = F.linear(x, self.weight.float(), bias)
        return out


class ClipBlock(nn.Module):
    """Causal self-attention and MLP, each after a layer norm."""

    def __init__(self, config: ClipTextConfig) -> None:
        super().__init__()
        width = config.width
        self.heads = config.heads
        self.layer_norm1 = nn.LayerNorm(width, eps=config.epsilon)
        self.self_attn = nn.ModuleDict(
            {name: HalfLinear(width, width) for name in ("q_proj", "k_proj", "v_proj", "out_proj")}
        )
        self.layer_norm2 = nn.LayerNorm(width, eps=config.epsilon)
        self.mlp = nn.ModuleDict(
            {"fc1": HalfLinear(width, config.feedforward), "fc2": HalfLinear(config.feedforward, width)}
        )

    def forward(self, x: Tensor) -> Tensor:
        b, length, width = x.shape
        h = self.layer_norm1(x)  # (b, length, width)
        query, key, value = (
            self.self_attn[name](h).view(b, length, self.heads, -1).transpose(1, 2)  # (b, heads, length, width / heads)
            for name in ("q_proj", "k_proj", "v_proj")
        )
        h = F.scaled_dot_product_attention(query, key, value, is_causal=True)  # (b, heads, length, width / heads)
        x = x + self.self_attn["out_proj"](h.transpose(1, 2).reshape(b, length, width))
        h = self.mlp["fc1"](self.layer_norm2(x))  # (b, length, feedforward)
        out: Tensor = x + self.mlp["fc2"](h * torch.sigmoid(1.702 * h))  # the quick GELU of CLIP
        return out


class ClipTextNetwork(nn.Module):
    """CLIP's text encoder (Radford et al., 2021): token numbers to one embedding per text."""

    def __init__(self, config: ClipTextConfig) -> None:
        super().__init__()
        self.config = config
        self.token_embedding = nn.Embedding(config.vocabulary, config.width)
        self.position_embedding = nn.Embedding(config.positions, config.width)
        self.layers = nn.ModuleList(ClipBlock(config) for _ in range(config.layers))
        self.final_layer_norm = nn.LayerNorm(config.width, eps=config.epsilon)
        self.text_projection = HalfLinear(config.width, config.text_width, bias=False)

    def forward(self, tokens: Tensor, ends: Tensor) -> Tensor:
        """Text embeddings, not normalised.

        Parameters
        ----------
        tokens : (b, n) int64 tensor
            Token numbers. As attention is causal, those after the end have no influence.
        ends : (b,) int64 tensor
            Position of each text's end token.

        Returns
        -------
        (b, D) float32 tensor
        """
        x = self.token_embedding(tokens) + self.position_embedding.weight[: tokens.shape[1]]  # (b, n, width)
        for layer in self.layers:
            x = layer(x)
        at_end = x[torch.arange(len(x), device=x.device), ends]  # (b, width)
        embeddings: Tensor = self.text_projection(self.final_layer_norm(at_end))  # (b, D)
        return embeddings


def _weights_file(folder: Path) -> Path:
    for name in WEIGHTS:
        if (folder / name).exists():
            return folder / name
    raise CheckpointError(f"the text encoder in {folder} has no weights ({' or '.join(WEIGHTS)})")


def read_text_tensors(folder: Path) -> State:
    """Tensors of the text encoder by the names of :class:`ClipTextNetwork`, linear layers in float16.

    The official text embeddings of MARDM were computed with the float16 weights of OpenAI's CLIP; the hub's float32
    weights hold the same values.

    Raises
    ------
    CheckpointError
        The weights are missing, cannot be read, or are not those of CLIP.
    """
    path = _weights_file(folder)
    loaded: Any = load_safetensors(path) if path.suffix == ".safetensors" else load_torch(path)
    state: State = {}
    for key, tensor in loaded.items() if isinstance(loaded, dict) else ():
        name = re.sub(r"^(text_model\.)?(embeddings\.|encoder\.)?", "", key)
        if key.startswith(("text_model.", "text_projection.")) and not name.endswith("position_ids"):
            is_linear = re.search(r"_proj\.|\.fc[12]\.|^text_projection\.", name) is not None
            state[name] = tensor.to(torch.float16 if is_linear else torch.float32)
    if not state:
        raise CheckpointError(f"{path} holds no tensors of CLIP's text encoder")
    return state


def load_clip(folder: Path) -> ClipTextNetwork:
    """The text encoder in a folder, on the CPU and in eval mode; sizes from its tensors' shapes.

    Raises
    ------
    CheckpointError
        The weights or ``config.json`` are missing, cannot be read, or are not those of CLIP.
    """
    state = read_text_tensors(folder)
    try:
        config = json.loads((folder / "config.json").read_bytes())
        config = config.get("text_config") or config
        vocabulary, width = state["token_embedding.weight"].shape
        sizes = ClipTextConfig(
            vocabulary=vocabulary,
            positions=len(state["position_embedding.weight"]),
            width=width,
            feedforward=len(state["layers.0.mlp.fc1.weight"]),
            layers=len({key.split(".")[1] for key in state if key.startswith("layers.")}),
            heads=int(config.get("num_attention_heads", ClipTextConfig.heads)),
            text_width=len(state["text_projection.weight"]),
            epsilon=float(config.get("layer_norm_eps", ClipTextConfig.epsilon)),
        )
        activation = config.get("hidden_act", "quick_gelu")
        if activation != "quick_gelu":
            raise ValueError(f"its activation is {activation!r}, that of OpenAI's CLIP is 'quick_gelu'")
        with empty_modules():
            network = ClipTextNetwork(sizes)
        network.load_state_dict(state, assign=True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        reason = str(error).strip().split("\n")[0]
        raise CheckpointError(f"the text encoder in {folder} cannot be loaded: {reason}") from error
    return network.eval().requires_grad_(False)


def keep_text_encoder(folder: Path) -> None:
    """Replace downloaded CLIP weights by a file of the text encoder alone, a third of the size.

    Raises
    ------
    CheckpointError
        The weights are missing, cannot be read, or are not those of CLIP.
    MachineError
        The new file cannot be written.
    """
    state = read_text_tensors(folder)
    renamed = {name: f"text_model.{_hub_group(name)}{name}" for name in state}
    renamed["text_projection.weight"] = "text_projection.weight"
    write_tensors(folder / WEIGHTS[0], {renamed[name]: tensor for name, tensor in state.items()})
    (folder / WEIGHTS[1]).unlink(missing_ok=True)


def _hub_group(name: str) -> str:
    """The part of a tensor's name on the hub that :class:`ClipTextNetwork` leaves out."""
    return {"layers": "encoder.", "token_embedding": "embeddings.", "position_embedding": "embeddings."}.get(
        name.split(".")[0], ""
    )
