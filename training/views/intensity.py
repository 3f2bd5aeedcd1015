"""Random brightness and contrast of a view, last of all operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def change_intensity(
    views: Tensor, uniform: Tensor, *, brightness: float, contrast: float
) -> Tensor:
    """Scale views (n, c, h, w) about 0 by 1 +- brightness, then about their mean by 1 +- contrast.

    `uniform` holds random numbers (n, 2). Both strengths 0 return the views untouched.
    """
    if brightness == 0 and contrast == 0:
        return views
    factors = (2 * uniform.to(views) - 1)[:, :, None, None, None]
    brighter = (views * (1 + brightness * factors[:, 0])).clamp(0, 1)
    mean = brighter.mean(dim=(1, 2, 3), keepdim=True)
    return (mean + (brighter - mean) * (1 + contrast * factors[:, 1])).clamp(0, 1)
