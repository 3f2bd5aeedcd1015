"""FocusContrast: random views that never throw away what the reader looked at.

Order: rotate about the centre, crop, flip, cutout, mask, intensity. Zoom, angle and cutout size
come from the priors of conventional augmentation; attention only decides where.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from gazecore.errors import InvalidSettingError
from training.views.cutout import CELLS
from training.views.draws import Draws, draw
from training.views.geometry import is_inside, sampling_grid, warp
from training.views.intensity import change_intensity
from training.views.mask import least_attended, random_blobs
from training.views.plan import Limits, Plan, plan_views
from training.views.presets import Preset, find_preset


class Views(NamedTuple):
    """Two views of each image of a batch.

    Attributes
    ----------
    first, second : Tensor
        (B, C, *size), in 0..1.
    attention_kept : Tensor
        (B, 2): share of the image's attention visible and uncovered, before the mask; NaN where
        the image has none.
    effective_area : Tensor
        (B, 2): share of the source's pixels visible and not covered by cutout or mask.
    fallback : Tensor
        bool (B, 2): no position met the limits for what was drawn, so the weakest valid view was
        taken; or there was no attention and the view is conventional.
    """

    first: Tensor
    second: Tensor
    attention_kept: Tensor
    effective_area: Tensor
    fallback: Tensor


class FocusContrastViews(nn.Module):
    """Make two views of each image; the same code on CPU and GPU.

    Parameters
    ----------
    size : int or (int, int)
        Height and width of the views, pixels.
    scale : tuple of float
        Area of a crop as a share of the image, before cutout and mask.
    crop : float, optional
        Share of the attention that rotation and crop keep (0..1); None asks for nothing.
    cutout : float, optional
        Share of the attention left by the crop that the cutout keeps; None cuts nothing out.
    mask : float, optional
        Share of a view's pixels to hide, the least attended; None or 0 hides none.
    preset : str or Preset, optional
        ``focuscontrast`` (default), ``rejection``, ``area-matched``, ``conventional``,
        ``searched``, ``weak``, ``identity``. ``searched``, ``weak`` and ``identity`` have their
        own scale; those without attention ignore the limits.

    References
    ----------
    Wang et al., "Learning Better Contrastive View from Radiologist's Gaze", arXiv 2305.08826;
    "Crafting Good Views of Medical Images for Contrastive Learning via Expert-level Visual
    Attention", PMLR 226:266-279 (2024).
    """

    def __init__(
        self,
        size: int | tuple[int, int],
        *,
        scale: tuple[float, float] = (0.2, 1.0),
        crop: float | None = 0.8,
        cutout: float | None = 0.9,
        mask: float | None = 0.8,
        preset: str | Preset | None = None,
    ) -> None:
        super().__init__()
        self.size = (size, size) if isinstance(size, int) else (size[0], size[1])
        self.preset = find_preset(preset)
        self.limits = Limits((scale[0], scale[1]), crop, cutout, mask)
        _check(self.size, self.limits)

    def forward(
        self,
        images: Tensor,
        attention: Tensor | None = None,
        generator: torch.Generator | None = None,
    ) -> Views:
        """Two views of each image.

        Parameters
        ----------
        images : Tensor
            (B, C, H, W) in 0..1.
        attention : Tensor, optional
            (B, 1, h, w), any scale, over the same frame as the images; None: nobody looked.
        generator : torch.Generator, optional
            Source of all randomness; on any device.

        Raises
        ------
        InvalidSettingError
            Images or attention of another shape, no images, or images of whole numbers.
        """
        if images.dim() != 4:
            raise InvalidSettingError("images", tuple(images.shape), "a tensor (B, C, H, W)")
        if not images.numel():
            raise InvalidSettingError("images", tuple(images.shape), "at least one image")
        if not images.is_floating_point():
            raise InvalidSettingError("images", str(images.dtype), "floating point, in 0..1")
        batch, _, height, width = images.shape
        if attention is None:
            attention = images.new_zeros((batch, 1, 1, 1))
        if attention.dim() != 4 or attention.shape[:2] != (batch, 1):
            raise InvalidSettingError("attention", tuple(attention.shape), f"({batch}, 1, h, w)")
        twice = torch.cat((attention, attention))[:, 0]
        draws = draw(2 * batch, generator, images.device)
        plan = plan_views(twice, height / width, draws, self.preset, self.limits)
        views, area = self._render(torch.cat((images, images)), twice, plan, draws)
        first, second = views.chunk(2)
        return Views(
            first,
            second,
            _pair(plan.kept).to(images.dtype),
            _pair(area).to(images.dtype),
            _pair(plan.fallback),
        )

    def _render(
        self, images: Tensor, attention: Tensor, plan: Plan, draws: Draws
    ) -> tuple[Tensor, Tensor]:
        """The views (n, C, *size) and the share of the source that each still shows (n,)."""
        theta = plan.theta.to(images.dtype)
        fill = images.mean(dim=(2, 3), keepdim=True)
        grid = sampling_grid(theta, self.size)
        views = warp(images, theta, grid, fill)
        in_source, hidden = is_inside(grid), _cut_pixels(plan, self.size)
        if self.preset.masked and self.limits.mask:
            score = self._score(attention, grid, draws)
            masked = least_attended(score, in_source & ~hidden, self.limits.mask)
            hidden = hidden | (masked & plan.attended[:, None, None])
        views = torch.where(hidden[:, None], fill, views)
        area = plan.box.area * (in_source & ~hidden).to(plan.box.area).mean(dim=(1, 2))
        views = change_intensity(
            views,
            draws.intensity,
            brightness=self.preset.brightness,
            contrast=self.preset.contrast,
        )
        return views, area

    def _score(self, attention: Tensor, grid: Tensor, draws: Draws) -> Tensor:
        """What the mask ranks pixels by: attention, or random blobs in the area-matched arm."""
        if self.preset.placement == "area-matched":
            return random_blobs(draws.blob.to(grid), self.size)
        maps = attention[:, None].to(grid).nan_to_num(0, 0, 0)
        return F.grid_sample(maps, grid, align_corners=False)[:, 0]


def _pair(values: Tensor) -> Tensor:
    """(2B,) with all first views before all second ones, as (B, 2)."""
    return values.view(2, -1).transpose(0, 1).contiguous()


def _cut_pixels(plan: Plan, size: tuple[int, int]) -> Tensor:
    """Pixels of the views that their cutouts cover, bool (n, *size)."""
    device = plan.theta.device
    row = torch.arange(size[0], device=device) * CELLS // size[0]
    column = torch.arange(size[1], device=device) * CELLS // size[1]
    grid_row, grid_column = torch.meshgrid(row, column, indexing="ij")
    return plan.cutouts.covers(grid_row[None], grid_column[None])


def _check(size: tuple[int, int], limits: Limits) -> None:
    if min(size) < 1:
        raise InvalidSettingError("size", size, "at least 1 pixel a side")
    low, high = limits.scale
    if not 0 < low <= high <= 1:
        raise InvalidSettingError("scale", limits.scale, "0 < smallest <= largest <= 1")
    for name in ("crop", "cutout", "mask"):
        value = getattr(limits, name)
        if value is not None and not 0 <= value <= 1:
            raise InvalidSettingError(name, value, "a share, 0..1")
