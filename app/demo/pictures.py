"""Pictures for the report: grey images, attention overlays, scanpaths, as PNG data URIs."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import numpy.typing as npt

from app.pictures.colours import attention_colours

if TYPE_CHECKING:
    from pathlib import Path

Image = npt.NDArray[np.uint8]


def shrink(image: npt.NDArray[Any], longest_px: int) -> npt.NDArray[Any]:
    """The image reduced by whole-pixel averaging until no side exceeds `longest_px`."""
    factor = max(1, -(-max(image.shape[:2]) // longest_px))
    h, w = (side // factor * factor for side in image.shape[:2])
    blocks = image[:h, :w].reshape(h // factor, factor, w // factor, factor, *image.shape[2:])
    return np.asarray(blocks.mean(axis=(1, 3)), dtype=np.float64).astype(image.dtype)


def stretch(values: npt.NDArray[Any], shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Values of a coarse map at the pixel centres of a finer image, bilinear, edges held."""
    out = np.asarray(values, dtype=np.float64)
    for axis, size in enumerate(shape):
        n = out.shape[axis]
        at = np.clip((np.arange(size) + 0.5) * n / size - 0.5, 0, n - 1)
        low = np.minimum(at.astype(int), max(n - 2, 0))
        share = (at - low).reshape((-1, 1) if axis == 0 else (1, -1))
        high = np.minimum(low + 1, n - 1)
        out = np.take(out, low, axis) * (1 - share) + np.take(out, high, axis) * share
    return out


def overlay(grey: Image, attention: npt.NDArray[Any]) -> Image:
    """A grey image (h, w) with an attention map over it, (h, w, 3); the map may be coarser."""
    level = stretch(attention, grey.shape)
    level = level / level.max() if level.max() > 0 else level
    colour = attention_colours()[(level * 255).astype(np.uint8)].astype(np.float64)
    share = np.sqrt(level)[..., None] * 0.75
    mixed = np.repeat(grey[..., None], 3, axis=2) * (1 - share) + colour * share
    return np.asarray(mixed.round(), dtype=np.uint8)


def png(image: npt.NDArray[Any]) -> bytes:
    """The image as PNG."""
    return bytes(imagecodecs.png_encode(np.ascontiguousarray(image)))


def data_uri(encoded: bytes, kind: str = "image/png") -> str:
    """Encoded bytes as a URI that stands inside a page."""
    return f"data:{kind};base64,{base64.b64encode(encoded).decode()}"


def read_png(path: Path) -> npt.NDArray[Any]:
    """The pixels of a PNG file."""
    return np.asarray(imagecodecs.png_decode(path.read_bytes()))


def scanpath_svg(
    background: Image, fixations_px: npt.NDArray[np.float64], durations_s: npt.NDArray[np.float64]
) -> str:
    """A scanpath over a picture: circles by duration, numbered, joined in order, as SVG."""
    h, w = background.shape[:2]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in fixations_px)
    unit = max(h, w) / 100
    circles = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{unit * (1 + 4 * np.sqrt(d)):.1f}"/>'
        f'<text x="{x:.1f}" y="{y + unit * 0.8:.1f}" font-size="{unit * 2.4:.1f}">{i}</text>'
        for i, ((x, y), d) in enumerate(zip(fixations_px, durations_s, strict=True), 1)
    )
    return (
        f'<svg class="scanpath" viewBox="0 0 {w} {h}" role="img" aria-label="scanpath">'
        f'<image width="{w}" height="{h}" href="{data_uri(png(background))}"/>'
        f'<polyline points="{points}" stroke-width="{unit * 0.35:.2f}"/>{circles}</svg>'
    )
