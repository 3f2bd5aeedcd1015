"""Groups of readers: their mean and spread, and what tells two of them apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.attention import attention_map, difference_attention, group_attention
from gazecore.attention.case import CaseAttention
from gazecore.errors import InvalidSettingError


def attention(values: npt.ArrayLike, **changes: Any) -> CaseAttention:
    """A map with what it stands for."""
    array = np.asarray(values, dtype=np.float32)
    facts: dict[str, Any] = {
        "image_height_px": 400,
        "image_width_px": 600,
        "sigma_px": (30.0, 30.0),
        "mass_inside": 1.0,
        "used": int(array.any()),
        "dropped": 0,
        "preset": "focusstation",
        "readers": 1,
        "simulated": False,
    }
    return CaseAttention(map=array, **{**facts, **changes})


def readers_at(
    x_px: float, names: str, seed: int, shape: tuple[int, int] = (20, 30)
) -> dict[str, CaseAttention]:
    """Readers who look around the middle, and once at a place of their group."""
    random = np.random.default_rng(seed)
    return {
        name: attention(
            attention_map([*random.normal((15, 10), 2.0, (6, 2)), [x_px, 10.0]], 1.0, shape, 2.0)
        )
        for name in names
    }


def test_the_mean_weighs_readers_and_tells_who_counts() -> None:
    maps = {
        "a": attention([[1.0, 0.0]]),
        "b": attention([[0.0, 1.0]], simulated=True),
        "none": attention([[0.0, 0.0]]),
    }
    even = group_attention(maps)
    assert even.map.tolist() == [[0.5, 0.5]]
    assert (even.readers, even.weights, even.left_out) == (("a", "b"), (0.5, 0.5), ("none",))
    assert even.simulated
    assert even.spread is not None
    assert even.spread[0] == pytest.approx(np.std([1.0, 0.0], ddof=1))
    weighted = group_attention(maps, {"a": 3, "b": 1})
    assert weighted.map.tolist() == [[0.75, 0.25]]
    assert weighted.weights == (0.75, 0.25)


def test_equal_weights_give_the_usual_standard_deviation() -> None:
    maps = readers_at(5.0, "abcde", 0)
    found = group_attention(maps, dict.fromkeys("abcde", 7.0))
    expected = np.std([one.map for one in maps.values()], axis=0, ddof=1)
    assert found.spread == pytest.approx(expected, abs=1e-8)
    assert found.map.sum(dtype=float) == pytest.approx(1)


def test_one_reader_has_no_spread_and_none_an_empty_map() -> None:
    alone = group_attention({"a": attention([[1.0, 0.0]])})
    assert alone.spread is None
    nobody = group_attention({"none": attention([[0.0, 0.0]])})
    assert nobody.map.tolist() == [[0.0, 0.0]]
    assert (nobody.readers, nobody.weights) == ((), ())


def test_the_difference_is_signed_and_found_where_it_is() -> None:
    first, second = readers_at(3.0, "abcdef", 1), readers_at(27.0, "ghijkl", 2)
    found = difference_attention(first, second)
    assert found.exhaustive
    assert found.relabellings == 924
    assert found.map.sum(dtype=float) == pytest.approx(0, abs=1e-6)
    assert found.map[10, 3] > 0 > found.map[10, 27]
    assert found.p[10, 3] == pytest.approx(2 / 924)  # the groups may change their names
    assert found.p[10, 27] == pytest.approx(2 / 924)
    assert found.p[10, 15] > 0.2
    assert np.isfinite(found.map).all()
    back = difference_attention(second, first)
    assert back.map == pytest.approx(-found.map)
    assert back.p == pytest.approx(found.p)


def test_p_by_a_loop_over_all_partings() -> None:
    first, second = readers_at(9.0, "ab", 3), readers_at(20.0, "cde", 4)
    stack = np.stack([one.map for one in (first | second).values()]).astype(float)

    def statistic(chosen: tuple[int, ...]) -> npt.NDArray[np.float64]:
        a, b = stack[list(chosen)], np.delete(stack, chosen, axis=0)
        pooled = ((a - a.mean(0)) ** 2).sum(0) + ((b - b.mean(0)) ** 2).sum(0)
        error = np.sqrt(pooled / (len(stack) - 2) * (1 / len(a) + 1 / len(b)))
        return np.asarray(abs(a.mean(0) - b.mean(0)) / (error + error.mean()))

    ways = [(i, j) for i in range(5) for j in range(i + 1, 5)]
    highest = np.array([statistic(way).max() for way in ways])
    true = statistic((0, 1))
    expected = np.mean([highest[:, None, None] >= true * (1 - 1e-9)], axis=1)[0]
    assert difference_attention(first, second).p == pytest.approx(expected)


def test_chance_alone_is_found_as_seldom_as_promised() -> None:
    smallest = [
        difference_attention(
            readers_at(15.0, "abc", 10 * seed, (8, 12)),
            readers_at(15.0, "def", 10 * seed + 5, (8, 12)),
        ).p.min()
        for seed in range(60)
    ]
    # 20 partings in pairs: p <= .1 has the chance .1; 13 or more of 60 has the chance .003.
    assert sum(p <= 0.1 for p in smallest) <= 12


def test_some_partings_of_many_are_drawn_by_a_seed() -> None:
    first, second = readers_at(3.0, "abcdefgh", 1), readers_at(27.0, "ijklmnop", 2)
    found = difference_attention(first, second, relabellings=100)
    assert (found.relabellings, found.exhaustive) == (100, False)
    assert found.p[10, 3] == pytest.approx(1 / 100)
    again = difference_attention(first, second, relabellings=100)
    assert np.array_equal(found.p, again.p)


def test_pixels_that_nobody_saw_do_not_differ() -> None:
    first = {"a": attention([[1.0, 0.0, 0.0]]), "b": attention([[1.0, 0.0, 0.0]])}
    second = {"c": attention([[0.0, 1.0, 0.0]]), "d": attention([[0.0, 1.0, 0.0]])}
    found = difference_attention(first, second)
    assert found.map.tolist() == [[1.0, -1.0, 0.0]]
    assert found.p[0] == pytest.approx([1 / 3, 1 / 3, 1.0])


@pytest.mark.parametrize(
    ("first", "second", "named"),
    [
        ("ab", "bc", "groups of readers"),
        ("a", "bc", "readers of a group"),
    ],
)
def test_groups_must_be_two(first: str, second: str, named: str) -> None:
    with pytest.raises(InvalidSettingError, match=named):
        difference_attention(readers_at(3.0, first, 0), readers_at(3.0, second, 1))


def test_maps_must_be_alike_and_weights_given() -> None:
    with pytest.raises(InvalidSettingError, match="maps of a group"):
        group_attention({"a": attention([[1.0]]), "b": attention([[1.0, 0.0]])})
    with pytest.raises(InvalidSettingError, match="maps of a group"):
        group_attention({"a": attention([[1.0]]), "b": attention([[1.0]], preset="REFLACX")})
    with pytest.raises(InvalidSettingError, match="maps of a group"):
        group_attention({})
    with pytest.raises(InvalidSettingError, match="weights of readers"):
        group_attention({"a": attention([[1.0]])}, {"a": 0.0})
    with pytest.raises(InvalidSettingError, match="weights of readers"):
        group_attention({"a": attention([[1.0]])}, {"b": 1.0})
