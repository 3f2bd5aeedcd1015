"""Looking at the corners proves a mapping, or says what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.streams import EyeMapping, StreamMatch, StreamProfile
from gazecore.streams.corners import CORNERS, judge_corners

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

MATCH = StreamMatch(name="lab", type="Gaze", channels=3)
SCREEN_PX = (1920.0, 1080.0)


def profile(**changes: object) -> StreamProfile:
    fields = {
        "profile_id": "draft",
        "match": MATCH,
        "both": EyeMapping(x=0, y=1, valid=2),
        "resolution_px": SCREEN_PX,
        **changes,
    }
    return StreamProfile.model_validate(fields)


def looked(encode: Callable[[Array], Array], error_norm: float = 0.02) -> list[Array]:
    """What a stream sends while each corner is looked at; a tenth of it is lost."""
    rng = np.random.default_rng(3)
    tables = []
    for corner in CORNERS:
        xy = np.array(corner) + rng.normal(0, 0.005, (60, 2)) + rng.normal(0, error_norm, 2) / 2
        seen = rng.random(60) > 0.1
        tables.append(np.column_stack([np.where(seen[:, None], encode(xy), np.nan), seen]))
    return tables


def test_gaze_at_all_corners_proves_the_mapping() -> None:
    verdict = judge_corners(profile(), looked(lambda xy: xy))
    assert verdict.passed
    assert verdict.hits == (True,) * 4
    assert verdict.remedy is None
    assert "right" in verdict.sentence
    assert verdict.gaze_norm[0] == pytest.approx((0.08, 0.08), abs=0.05)


def _swap(xy: Array) -> Array:
    return xy[:, ::-1]


WRONG: list[tuple[Callable[[Array], Array], dict[str, object], str, str]] = [
    (lambda xy: np.abs([0, 1] - xy), {}, "Y looks upside down?", "Flip y"),
    (lambda xy: np.abs([1, 0] - xy), {}, "X looks mirrored?", "Flip x"),
    (_swap, {}, "X and y look swapped?", "Exchange x and y"),
    (lambda xy: 100 * xy, {}, "The values look like percent (0..100)?", "Read as percent (0..100)"),
    (lambda xy: xy * SCREEN_PX, {}, "The values look like pixels?", "Read as pixels"),
    (lambda xy: xy, {"unit": "px"}, "The values look like 0..1?", "Read as 0..1"),
    (lambda xy: 2 * xy - 1, {}, "The values look like -1..1 around the middle?", ""),
    (
        lambda xy: (xy - 0.5) * [1920, -1080],
        {"unit": "px"},
        "The values look like pixels from the middle and y looks upside down?",
        "Read as pixels from the middle and flip y",
    ),
    (
        lambda xy: _swap(np.abs([0, 1] - xy)),
        {},
        "X and y look swapped and y looks upside down?",
        "",
    ),
    (
        lambda xy: xy * [1280, 720],
        {"unit": "px"},
        "The pixels look like those of a screen of 1280 x 720?",
        "Use 1280 x 720 pixels",
    ),
    (
        lambda xy: xy * [1920, 1200],
        {"unit": "px"},
        "The pixels look like those of a screen of 1920 x 1200?",
        "Use 1920 x 1200 pixels",
    ),
]


@pytest.mark.parametrize(("encode", "draft", "said", "done"), WRONG, ids=[w[2] for w in WRONG])
def test_what_is_wrong_is_said_and_the_remedy_proves_itself(
    encode: Callable[[Array], Array], draft: dict[str, object], said: str, done: str
) -> None:
    values = looked(encode)
    verdict = judge_corners(profile(**draft), values)
    assert not verdict.passed
    assert verdict.sentence.startswith(said.removesuffix("?") + ": ")
    assert verdict.sentence.lower() == f"{said[:-1]}: {verdict.remedy_text}?".lower()
    if done:
        assert verdict.remedy_text == done
    assert verdict.remedy is not None
    assert judge_corners(verdict.remedy, values).passed


def test_loss_far_outside_is_still_loss_after_the_unit_is_mended() -> None:
    values = [
        np.vstack([table, [[-32768.0, -32768.0, 1.0]] * 40])
        for table in looked(lambda xy: xy * SCREEN_PX)
    ]
    verdict = judge_corners(profile(missing=("nan", "outside")), values)
    assert verdict.remedy is not None
    assert verdict.remedy.unit == "px"
    assert verdict.remedy.missing == ("nan", "outside")


def test_both_eyes_are_exchanged_together() -> None:
    draft = StreamProfile(
        profile_id="draft",
        match=StreamMatch(name="lab", type="Gaze", channels=4),
        left=EyeMapping(x=0, y=1),
        right=EyeMapping(x=2, y=3),
    )
    values = [np.tile([corner[1], corner[0]] * 2, (30, 1)) for corner in CORNERS]
    remedy = judge_corners(draft, values).remedy
    assert remedy is not None
    assert remedy.left is not None
    assert remedy.right is not None
    assert (remedy.left.x, remedy.left.y, remedy.right.x, remedy.right.y) == (1, 0, 3, 2)


def test_what_nothing_explains_gets_no_remedy() -> None:
    still = judge_corners(profile(), looked(lambda xy: np.full_like(xy, 0.5)))
    assert "hardly moved" in still.sentence
    lost = judge_corners(profile(), looked(lambda xy: np.full_like(xy, np.nan)))
    assert "No gaze came at every corner" in lost.sentence
    none = judge_corners(profile(), [np.empty((0, 3))] * 4)
    assert none.gaze_norm == (None,) * 4
    shifted = judge_corners(profile(), looked(lambda xy: xy + np.array([0.3, 0.0])))
    assert "misses the upper left, upper right, lower right, lower left corner" in shifted.sentence
    narrow = judge_corners(profile(), looked(lambda xy: 0.5 + 0.85 * (xy - 0.5)))
    assert "covers 8" in narrow.sentence
    for verdict in (still, lost, none, shifted, narrow):
        assert not verdict.passed
        assert verdict.remedy is None


def test_one_lost_corner_is_named() -> None:
    values = looked(lambda xy: xy)
    values[2] = values[2][:2]
    verdict = judge_corners(profile(), values)
    assert verdict.hits == (True, True, False, True)
    assert "at the lower right corner" in verdict.sentence
