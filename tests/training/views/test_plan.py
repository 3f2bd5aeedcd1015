"""Plans decide everything about a view before a pixel is touched."""

from __future__ import annotations

import math

import pytest
import torch

from training.views.draws import draw
from training.views.plan import Limits, Plan, plan_views
from training.views.presets import PRESETS

LIMITS = Limits((0.2, 1.0), 0.8, 0.9, 0.8)


def plan(attention: torch.Tensor, name: str, *, limits: Limits = LIMITS, seed: int = 0) -> Plan:
    draws = draw(len(attention), torch.Generator().manual_seed(seed), torch.device("cpu"))
    return plan_views(attention, 1.0, draws, PRESETS[name], limits)


def spots(n: int, y: int, x: int) -> torch.Tensor:
    maps = torch.zeros(n, 16, 16)
    maps[:, y, x] = 2.0
    return maps


def test_attention_at_the_corner_survives_only_without_rotation() -> None:
    planned = plan(spots(200, 0, 0), "focuscontrast")
    lost = planned.angle_rad == 0
    assert lost.any()
    assert (planned.box.area[lost] == 1).all()
    assert planned.fallback[lost].all()
    assert (planned.kept == 1).all()


def test_arms_share_angle_size_and_flip() -> None:
    maps = spots(50, 8, 8)
    ours, matched = plan(maps, "focuscontrast"), plan(maps, "area-matched")
    anyhow = plan(maps, "conventional")
    for theirs in (matched, anyhow):
        assert torch.equal(ours.angle_rad, theirs.angle_rad)
        assert torch.equal(ours.flip, theirs.flip)
        assert torch.allclose(ours.box.area, theirs.box.area)
    assert torch.equal(ours.cutouts.rows, matched.cutouts.rows)
    assert torch.equal(ours.cutouts.columns, matched.cutouts.columns)
    assert not torch.equal(ours.box.center_x, matched.box.center_x)


def test_no_attention_is_conventional_and_counted() -> None:
    nothing = torch.zeros(20, 16, 16)
    ours, anyhow = plan(nothing, "focuscontrast"), plan(nothing, "conventional")
    assert torch.equal(ours.theta, anyhow.theta)
    assert ours.fallback.all()
    assert not anyhow.fallback.any()
    assert ours.kept.isnan().all()
    assert not ours.attended.any()
    assert (ours.cutouts.rows == 0).all()


@pytest.mark.parametrize("value", [math.nan, math.inf, -5.0])
def test_odd_values_count_as_no_attention(value: float) -> None:
    maps = spots(4, 5, 5)
    maps[:, 10, 10] = value
    assert torch.equal(plan(maps, "focuscontrast").kept, plan(spots(4, 5, 5), "focuscontrast").kept)


def test_scale_of_attention_does_not_matter() -> None:
    maps = torch.rand(6, 9, 13)
    assert torch.allclose(
        plan(maps, "focuscontrast").theta, plan(maps * 1e-6, "focuscontrast").theta
    )
