"""FocusContrast's promises, on any aspect, and those of the arms it is compared with."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from gazecore.errors import InvalidSettingError
from training.views import PRESETS, FocusContrastViews, Views


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def focal_maps(n: int, height: int, width: int, seed: int = 0) -> torch.Tensor:
    center = torch.rand((n, 2), generator=seeded(seed)) * 0.8 + 0.1
    y = (torch.arange(height) + 0.5) / height - center[:, :1]
    x = (torch.arange(width) + 0.5) / width - center[:, 1:]
    return torch.exp(-50 * (y**2)[:, :, None] - 50 * (x**2)[:, None, :])[:, None]


def make(name: str | None, maps: torch.Tensor, *, seed: int = 1, **options: float | None) -> Views:
    images = torch.rand((len(maps), 1, 64, 64), generator=seeded(9))
    generator = FocusContrastViews(64, preset=name, **options)  # type: ignore[arg-type]
    views = generator(images, maps, seeded(seed))
    assert isinstance(views, Views)
    return views


@given(
    height=st.integers(12, 90),
    width=st.integers(12, 90),
    map_height=st.integers(3, 40),
    map_width=st.integers(3, 40),
    crop=st.floats(0.1, 1.0),
    cutout=st.floats(0.5, 1.0),
    seed=st.integers(0, 10_000),
)
@settings(max_examples=40, deadline=None)
def test_attention_is_kept_at_any_aspect(
    height: int, width: int, map_height: int, map_width: int, crop: float, cutout: float, seed: int
) -> None:
    images = torch.rand((3, 2, height, width), generator=seeded(seed))
    maps = torch.rand((3, 1, map_height, map_width), generator=seeded(seed + 1)) ** 4
    for name in ("focuscontrast", "rejection"):
        generator = FocusContrastViews((20, 28), crop=crop, cutout=cutout, preset=name)
        views = generator(images, maps, seeded(seed))
        assert views.first.shape == views.second.shape == (3, 2, 20, 28)
        assert (views.attention_kept >= crop * cutout - 1e-6).all()
        assert (views.attention_kept <= 1 + 1e-6).all()
        assert ((views.effective_area > 0) & (views.effective_area <= 1)).all()
        assert ((views.first >= 0) & (views.first <= 1)).all()


def test_identity_returns_the_images_exactly() -> None:
    images = torch.rand((2, 3, 33, 21), generator=seeded(0))
    views = FocusContrastViews((33, 21), preset="identity")(images, None, seeded(0))
    assert torch.equal(views.first, images)
    assert torch.equal(views.second, images)
    assert torch.equal(views.effective_area, torch.ones(2, 2))
    assert not views.fallback.any()


def test_what_is_kept_can_be_measured_on_the_view_itself() -> None:
    # The image is its attention less its mean, so that the fill is 0 and what the view shows,
    # times the crop's area, is the mass kept.
    maps = focal_maps(40, 64, 64)
    mean = maps.mean(dim=(1, 2, 3))
    images = maps - mean[:, None, None, None]
    upright = dataclasses.replace(
        PRESETS["focuscontrast"], degrees=0.0, brightness=0.0, contrast=0.0, masked=False
    )
    whole = FocusContrastViews(128, preset=upright, cutout=None)(images, maps, seeded(3))
    views = FocusContrastViews(128, preset=upright)(images, maps, seeded(3))
    crop_area, area = whole.effective_area[:, 0], views.effective_area[:, 0]
    seen = crop_area * views.first.mean(dim=(1, 2, 3)) / mean + area
    assert (area < crop_area).all()
    off = (seen - views.attention_kept[:, 0]).abs()
    assert off.max() < 0.03
    assert off.mean() < 0.01


def test_views_of_a_pair_differ_and_are_repeatable() -> None:
    maps = focal_maps(4, 32, 32)
    views, again = make(None, maps), make(None, maps)
    assert not torch.equal(views.first, views.second)
    assert torch.equal(views.first, again.first)
    assert torch.equal(views.second, again.second)


def test_the_zoom_follows_the_prior_although_attention_is_kept() -> None:
    # Without cutout, mask and rotation the effective area is the zoom that was drawn.
    maps = focal_maps(1500, 32, 32)
    upright = dataclasses.replace(PRESETS["focuscontrast"], degrees=0.0, masked=False)
    images = torch.zeros(1500, 1, 8, 8)
    views = FocusContrastViews(8, preset=upright, cutout=None)(images, maps, seeded(2))
    area = views.effective_area.flatten()
    assert views.fallback.float().mean() < 0.02
    assert kstest(area.numpy(), "uniform", args=(0.2, 0.8)).pvalue > 0.01
    assert (views.attention_kept >= 0.8).all()


def test_rejection_prefers_weak_zooms() -> None:
    maps = focal_maps(300, 32, 32)
    ours, rejected = make(None, maps, mask=None), make("rejection", maps, mask=None)
    assert rejected.effective_area.mean() > ours.effective_area.mean() + 0.05


def test_area_matched_areas_are_equal_with_the_mask() -> None:
    maps = focal_maps(60, 32, 32)
    ours, matched = make(None, maps), make("area-matched", maps)
    assert torch.allclose(ours.effective_area, matched.effective_area, atol=1e-6)
    assert matched.attention_kept.mean() < ours.attention_kept.mean() - 0.1


def test_area_matched_areas_are_equal_without_mask_up_to_a_few_cells() -> None:
    maps = focal_maps(60, 32, 32)
    ours, matched = make(None, maps, mask=None), make("area-matched", maps, mask=None)
    assert (ours.effective_area - matched.effective_area).abs().max() < 0.04
    assert (ours.effective_area - matched.effective_area).abs().mean() < 0.01


def test_area_matched_areas_are_equal_when_nothing_rotates() -> None:
    maps, images = focal_maps(60, 32, 32), torch.rand(60, 1, 64, 64)
    areas = []
    for name in ("focuscontrast", "area-matched"):
        upright = dataclasses.replace(PRESETS[name], degrees=0.0)
        views = FocusContrastViews(64, mask=None, preset=upright)(images, maps, seeded(5))
        areas.append(views.effective_area)
    assert torch.allclose(areas[0], areas[1], atol=1e-6)


def test_the_mask_hides_its_share_and_shows_the_mean_there() -> None:
    maps = focal_maps(5, 32, 32)
    images = torch.rand((5, 1, 64, 64), generator=seeded(9))
    still = dataclasses.replace(PRESETS["focuscontrast"], brightness=0, contrast=0)
    views = FocusContrastViews(64, preset=still)(images, maps, seeded(1))
    mean = images.mean(dim=(2, 3), keepdim=True)
    hidden = (views.first == mean).float().mean(dim=(1, 2, 3))
    assert torch.allclose(hidden, torch.full((5,), 0.8), atol=0.001)


def test_no_attention_is_conventional_and_counted() -> None:
    maps = focal_maps(6, 16, 16)
    maps[2] = 0
    ours, anyhow = make(None, maps), make("conventional", maps)
    assert torch.equal(ours.first[2], anyhow.first[2])
    assert ours.fallback[2].all()
    assert ours.attention_kept[2].isnan().all()
    assert ours.attention_kept[[0, 1, 3, 4, 5]].isfinite().all()
    assert not anyhow.fallback.any()


def test_without_maps_all_is_conventional_and_counted() -> None:
    images = torch.rand((3, 1, 64, 64), generator=seeded(0))
    ours = FocusContrastViews(64)(images, None, seeded(1))
    anyhow = FocusContrastViews(64, preset="conventional")(images, None, seeded(1))
    assert torch.equal(ours.first, anyhow.first)
    assert ours.fallback.all()


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_makes_views_in_range(name: str) -> None:
    views = make(name, focal_maps(5, 20, 30))
    for view in (views.first, views.second):
        assert view.shape == (5, 1, 64, 64)
        assert view.isfinite().all()
        assert ((view >= 0) & (view <= 1)).all()


@pytest.mark.parametrize(
    "options",
    [{"scale": (0.0, 1.0)}, {"scale": (0.5, 0.2)}, {"crop": 1.5}, {"mask": -0.1}, {"cutout": 2.0}],
)
def test_impossible_settings_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(InvalidSettingError):
        FocusContrastViews(32, **options)  # type: ignore[arg-type]


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(InvalidSettingError, match="images"):
        FocusContrastViews(8)(torch.rand(8, 8))
    with pytest.raises(InvalidSettingError, match="attention"):
        FocusContrastViews(8)(torch.rand(2, 1, 8, 8), torch.rand(3, 1, 8, 8))


@pytest.mark.parametrize(
    ("images", "reason"),
    [
        (torch.zeros(0, 1, 16, 16), "at least one image"),
        (torch.zeros(2, 1, 0, 16), "at least one image"),
        (torch.zeros(2, 1, 16, 16, dtype=torch.uint8), "floating"),
        (torch.zeros(2, 1, 16, 16, dtype=torch.long), "floating"),
    ],
    ids=["no images", "no rows", "uint8", "int64"],
)
def test_no_images_and_whole_numbers_are_refused(images: torch.Tensor, reason: str) -> None:
    with pytest.raises(InvalidSettingError, match=reason):
        FocusContrastViews(16)(images)
