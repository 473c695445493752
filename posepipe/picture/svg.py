"""A pose as SVG."""

from __future__ import annotations

from posepipe.picture import camera, colours
from posepipe.skeleton import CHAINS


def write(joints: camera.Floats, view: camera.View) -> str:
    """The text of an SVG file that shows a pose.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres.
    view : View
    """
    places, _ = view.project(joints)
    size = camera.SIZE
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">']
    for limb, chain in CHAINS.items():
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places[list(chain)].tolist())
        colour = "#{:02x}{:02x}{:02x}".format(*colours.LIMBS[limb])
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="30"/>')
    return "\n".join((*parts, "</svg>", ""))
