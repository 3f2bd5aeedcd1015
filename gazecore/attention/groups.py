"""Maps of a group of readers, and the difference between two groups with its test."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gazecore.attention.case import CaseAttention
    from gazecore.attention.gaussians import Map

Array = npt.NDArray[np.float64]
_RELABELLINGS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class GroupAttention:
    """The map of one case over the readers of a group.

    Attributes
    ----------
    map : (h, w) float32
        Weighted mean over the readers whose map is not empty; sums to 1, zero without a reader.
    spread : (h, w) float32, or None with fewer than two readers
        Standard deviation between readers, unbiased for the weights.
    readers : tuple of str
        Those who count; `weights` are theirs in this order and sum to 1.
    left_out : tuple of str
        Readers without a fixation on the image.
    """

    map: Map
    spread: Map | None
    readers: tuple[str, ...]
    weights: tuple[float, ...]
    left_out: tuple[str, ...]
    image_height_px: int
    image_width_px: int
    preset: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class DifferenceAttention:
    """The map of a first group minus that of a second; both sum to 1, so this sums to 0.

    Attributes
    ----------
    map : (h, w) float32
        Signed.
    p : (h, w) float32
        Of each pixel, corrected for looking at all of them (the maximum of the statistic over
        the map, two-sided); 1 where both groups are zero.
    relabellings : int
        How many ways to part the readers were compared, the true one included; 1/relabellings
        is the smallest p there is.
    exhaustive : bool
        Whether these were all the ways there are.
    """

    map: Map
    p: Map
    first: tuple[str, ...]
    second: tuple[str, ...]
    relabellings: int
    exhaustive: bool
    image_height_px: int
    image_width_px: int
    preset: str
    simulated: bool


def group_attention(
    maps: Mapping[str, CaseAttention], weights: Mapping[str, float] | None = None
) -> GroupAttention:
    """The map of a case over readers, each with one map (`mean_attention` where there are more).

    Parameters
    ----------
    maps : mapping
        By reader.
    weights : mapping, optional
        How much each reader counts; each the same without it.

    Raises
    ------
    InvalidSettingError
        No map, maps of different shapes or presets, a weight that is missing or not positive.
    """
    _check_alike(maps)
    kept = tuple(reader for reader, one in maps.items() if one.map.any())
    share = _shares(kept, weights)
    first = next(iter(maps.values()))
    stack = np.stack([maps[reader].map for reader in kept] or [first.map]).astype(np.float64)
    mean = np.tensordot(share, stack, axes=1) if kept else stack[0]
    spread = None
    if len(kept) > 1:
        variance = np.tensordot(share, (stack - mean) ** 2, axes=1) / (1 - (share**2).sum())
        spread = np.sqrt(variance).astype(np.float32)
    return GroupAttention(
        map=(mean / (mean.sum() or 1.0)).astype(np.float32),
        spread=spread,
        readers=kept,
        weights=tuple(float(value) for value in share),
        left_out=tuple(reader for reader in maps if reader not in kept),
        image_height_px=first.image_height_px,
        image_width_px=first.image_width_px,
        preset=first.preset,
        simulated=any(one.simulated for one in maps.values()),
    )


def difference_attention(
    first: Mapping[str, CaseAttention],
    second: Mapping[str, CaseAttention],
    *,
    relabellings: int = 1000,
    seed: int = 0,
) -> DifferenceAttention:
    """Where a first group of readers looked more (above 0) or less than a second.

    The p values come from parting the readers anew, by chance or in every way there is: a
    reader, not a fixation, is the unit. The statistic of a pixel is the difference of the means
    over its standard error plus the mean standard error of the map, which keeps pixels that
    hardly anyone saw from standing out (Nichols & Holmes 2002; Tusher et al. 2001). A reader
    without gaze on the image is left out.

    Raises
    ------
    InvalidSettingError
        Maps of different shapes or presets, a reader in both groups, fewer than two readers with
        a map in a group.
    """
    both = sorted(set(first) & set(second))
    if both:
        raise InvalidSettingError("groups of readers", both, "no reader in both groups")
    _check_alike({**first, **second})
    one, two = group_attention(first), group_attention(second)
    for group in (one, two):
        if len(group.readers) < 2:
            raise InvalidSettingError("readers of a group", group.readers, "at least two with gaze")
    everyone = {**first, **second}
    maps = np.stack([everyone[reader].map.ravel() for reader in one.readers + two.readers])
    parts = list(_partings(len(maps), len(one.readers), relabellings, seed))
    p = _corrected_p(maps.astype(np.float64), len(one.readers), np.array(parts))
    return DifferenceAttention(
        map=(one.map.astype(np.float64) - two.map).astype(np.float32),
        p=p.reshape(one.map.shape).astype(np.float32),
        first=one.readers,
        second=two.readers,
        relabellings=len(parts),
        exhaustive=comb(len(maps), len(one.readers)) <= relabellings,
        image_height_px=one.image_height_px,
        image_width_px=one.image_width_px,
        preset=one.preset,
        simulated=one.simulated or two.simulated,
    )


def _check_alike(maps: Mapping[str, CaseAttention]) -> None:
    shapes = {one.map.shape for one in maps.values()}
    presets = {one.preset for one in maps.values()}
    if len(shapes) != 1 or len(presets) != 1:
        found = (sorted(shapes), sorted(presets))
        raise InvalidSettingError("maps of a group", found, "maps of one shape and preset")


def _shares(readers: tuple[str, ...], weights: Mapping[str, float] | None) -> Array:
    given = np.array([1.0 if weights is None else weights.get(r, np.nan) for r in readers])
    if not (np.isfinite(given).all() and (given > 0).all()):
        raise InvalidSettingError("weights of readers", weights, "a positive number for each")
    return np.asarray(given / given.sum()) if len(given) else given


def _partings(n: int, n_first: int, most: int, seed: int) -> Iterator[list[bool]]:
    """Who is in the first group, the true parting first: all ways, or `most` of them."""
    if comb(n, n_first) <= most:
        for chosen in combinations(range(n), n_first):
            yield [reader in chosen for reader in range(n)]
        return
    random = np.random.default_rng(seed)
    truth = np.arange(n) < n_first
    yield truth.tolist()
    for _ in range(most - 1):
        yield random.permutation(truth).tolist()


def _corrected_p(maps: Array, n_first: int, parts: npt.NDArray[np.bool_]) -> Array:
    """Share of the partings whose highest statistic reaches a pixel's own, (pixels,)."""
    n = len(maps)
    maps = maps / maps.max()
    total, squares = maps.sum(axis=0), (maps**2).sum(axis=0)
    highest, true = [], np.empty(0)
    for start in range(0, len(parts), _RELABELLINGS_AT_ONCE):
        chosen = parts[start : start + _RELABELLINGS_AT_ONCE].astype(np.float64)
        one, one_squared = chosen @ maps, chosen @ maps**2
        two, two_squared = total - one, squares - one_squared
        within = (one_squared - one**2 / n_first) + (two_squared - two**2 / (n - n_first))
        error = np.sqrt(np.maximum(within, 0) / (n - 2) * (1 / n_first + 1 / (n - n_first)))
        floor = error.mean(axis=1, keepdims=True) + np.finfo(np.float64).tiny
        statistic = np.abs(one / n_first - two / (n - n_first)) / (error + floor)
        highest.append(statistic.max(axis=1))
        true = statistic[0] if start == 0 else true
    rising = np.sort(np.concatenate(highest))
    # Rounding may part equal partings by some 1e-12: what ties with the true one counts.
    reach = len(rising) - np.searchsorted(rising, true * (1 - 1e-9), side="left")
    return np.asarray(np.where(total > 0, reach / len(rising), 1.0))
