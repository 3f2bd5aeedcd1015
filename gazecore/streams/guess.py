"""A first guess at what the channels of an unknown gaze stream mean, for a person to correct.

From the words in the labels and from the values seen; the declared unit is not asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from gazecore.streams.identity import StreamAbout, listed_labels
from gazecore.streams.profile import EyeMapping, MissingRule, StreamMatch, StreamProfile, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = npt.NDArray[np.float64]
Eye = Literal["left", "right", "both"]

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_NOT_GAZE = re.compile(
    r"origin|user|cent(er|re)|normal|target|resolution|3d|degree|pupil|diam|time|track.?box|head"
    r"|camera|openness|valid|available|confidence|velocity",
    re.IGNORECASE,
)
_PUPIL = re.compile(r"pupil|diam", re.IGNORECASE)
_FLAG = re.compile(r"valid|pogv$|confidence", re.IGNORECASE)
_OTHER_FLAG = re.compile(r"pupil|diam|origin|openness", re.IGNORECASE)

_MOST_NORM, _MOST_PERCENT = 1.6, 130.0
_CENTRED_SHARE = -0.3
_MANY_ZEROS = 0.01
_CODES = (-30_000.0, 1e6)
"""Below and above are codes for missing values: EyeLink's -32768 and 1e8."""
_PUPIL_MM = (1.0, 9.5)


@dataclass(frozen=True, slots=True)
class _Channel:
    number: int
    label: str
    eye: Eye
    axis: Literal["x", "y", ""]


def guess_profile(about: StreamAbout, values: npt.ArrayLike) -> StreamProfile | None:
    """The likeliest mapping of a stream; None where it has fewer than two channels.

    Parameters
    ----------
    about : StreamAbout
        What the stream says of itself.
    values : (n, channels)
        What was seen of it; may be empty.
    """
    count = len(about.labels)
    table = np.asarray(values, dtype=np.float64).reshape(-1, count)
    if count < 2:
        return None
    channels = [_Channel(k, label, _eye(label), _axis(label)) for k, label in _labelled(about)]
    pairs = _pairs(channels) or {"both": _first_that_vary(table)}
    eyes = {eye: _completed(eye, xy, channels) for eye, xy in pairs.items()}
    unit = _unit(_seen_gaze(table, list(pairs.values())))
    return StreamProfile(
        profile_id=f"hand-{about.name}",
        title=f"{about.name}, mapped by hand",
        match=StreamMatch(
            name=about.name, type=about.type, labels=listed_labels(about), channels=count
        ),
        **eyes,
        unit=unit,
        missing=_missing(table, list(pairs.values()), list(eyes.values()), unit),
        pupil_unit=_pupil_unit(table, list(eyes.values())),
    )


def _labelled(about: StreamAbout) -> list[tuple[int, str]]:
    """Channels with their labels; surplus labels belong to none."""
    listed = listed_labels(about)
    return [(k, listed[k] if k < len(listed) else "") for k in range(len(about.labels))]


def _words(label: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(label)]


def _axis(label: str) -> Literal["x", "y", ""]:
    if not label or _NOT_GAZE.search(label):
        return ""
    words = _words(label)
    ends = label[-1].lower()
    if "x" in words or "horizontal" in words or ends == "x":
        return "x"
    if "y" in words or "vertical" in words or ends == "y":
        return "y"
    return {"0": "x", "1": "y"}.get(words[-1] if words else "", "")  # type: ignore[return-value]


def _eye(label: str) -> Eye:
    words = _words(label)
    first = words[0] if words else ""
    for eye, letter in (("left", "l"), ("right", "r")):
        if eye in words or letter in words or label.lower().startswith(eye):
            return eye  # type: ignore[return-value]
        if len(first) == 2 and first in (f"{letter}x", f"{letter}y"):
            return eye  # type: ignore[return-value]
    return "both"


def _pairs(channels: Sequence[_Channel]) -> dict[str, tuple[int, int]]:
    """The first x and y of each eye; of one point of both where no eye has its own."""
    found: dict[str, tuple[int, int]] = {}
    for eye in ("left", "right", "both"):
        x = next((c.number for c in channels if c.eye == eye and c.axis == "x"), None)
        y = next((c.number for c in channels if c.eye == eye and c.axis == "y"), None)
        if x is not None and y is not None and not (eye == "both" and found):
            found[eye] = (x, y)
    return found


def _first_that_vary(table: Array) -> tuple[int, int]:
    varying = [k for k in range(table.shape[1]) if len(np.unique(table[:, k])) > 2]
    first, second = ([*varying, 0, 1] if len(varying) >= 2 else [0, 1])[:2]
    return first, second


def _completed(eye: str, xy: tuple[int, int], channels: Sequence[_Channel]) -> EyeMapping:
    mine = [c for c in channels if c.eye == eye and c.number not in xy]
    flags = [c for c in mine if _FLAG.search(c.label) and not _OTHER_FLAG.search(c.label)]
    pupils = [c for c in mine if _PUPIL.search(c.label) and not _FLAG.search(c.label)]
    pupils = [c for c in pupils if "available" not in c.label.lower()]
    return EyeMapping(
        x=xy[0],
        y=xy[1],
        valid=flags[0].number if flags else None,
        pupil=pupils[0].number if pupils else None,
    )


def _seen_gaze(table: Array, pairs: Sequence[tuple[int, int]]) -> Array:
    """Finite gaze values that are no code for loss, (n,)."""
    parts = []
    for pair in pairs:
        xy = table[:, list(pair)]
        xy = xy[np.isfinite(xy).all(axis=1) & (xy != 0).any(axis=1)]
        parts.append(xy[((xy > _CODES[0]) & (xy < _CODES[1])).all(axis=1)].ravel())
    return np.concatenate(parts)


def _unit(gaze: Array) -> Unit:
    if not len(gaze):
        return "norm"
    largest = float(np.quantile(np.abs(gaze), 0.95))
    has_middle_zero = float(np.quantile(gaze, 0.05)) < _CENTRED_SHARE * largest
    if largest <= _MOST_NORM:
        return "centred" if has_middle_zero else "norm"
    if largest <= _MOST_PERCENT and not has_middle_zero:
        return "percent"
    return "px_centred" if has_middle_zero else "px"


def _missing(
    table: Array, pairs: Sequence[tuple[int, int]], eyes: Sequence[EyeMapping], unit: Unit
) -> tuple[MissingRule, ...]:
    """All ways to code loss that gaze itself never takes: a blink may come later."""
    all_xy = np.concatenate([table[:, list(pair)] for pair in pairs])
    zeros = float((all_xy == 0).all(axis=1).mean()) if len(all_xy) else 0.0
    rules: list[MissingRule] = ["nan", "outside"]
    # Where 0 is the middle of the screen, only many zeros are loss.
    if unit not in ("centred", "px_centred") or zeros > _MANY_ZEROS:
        rules.insert(1, "zero")
    if any(eye.valid is not None for eye in eyes):
        rules.append("flag")
    return tuple(rules)


def _pupil_unit(table: Array, eyes: Sequence[EyeMapping]) -> Literal["mm", "arbitrary"]:
    pupils = [table[:, eye.pupil] for eye in eyes if eye.pupil is not None]
    seen = np.concatenate([np.empty(0), *pupils])
    seen = seen[np.isfinite(seen) & (seen > 0)]
    low, high = _PUPIL_MM
    return "mm" if len(seen) and low <= float(np.median(seen)) <= high else "arbitrary"
