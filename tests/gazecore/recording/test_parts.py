from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.errors import InputError, MissingPathError
from gazecore.messages import CaseOpened
from gazecore.recording import read
from gazecore.recording.parts import is_part_of, joined, next_part, part_paths, read_parts
from tests.gazecore.recording.material import write_gaze

if TYPE_CHECKING:
    from pathlib import Path


def test_parts_are_found_in_order_and_a_new_name_is_free(tmp_path: Path) -> None:
    first = tmp_path / "session-0001.xdf"
    assert part_paths(first) == ()
    assert next_part(first) == first
    for name in (
        "session-0001.xdf",
        "session-0001-part10.xdf",
        "session-0001-part2.xdf",
        "session-0001-particular.xdf",
        "session-00012.xdf",
    ):
        (tmp_path / name).touch()
    assert [path.stem for path in part_paths(first)] == [
        "session-0001",
        "session-0001-part2",
        "session-0001-part10",
    ]
    assert next_part(first).name == "session-0001-part11.xdf"
    assert not next_part(first).exists()


def test_a_first_part_that_was_never_made_leaves_its_name_free(tmp_path: Path) -> None:
    first = tmp_path / "session-0001.xdf"
    (tmp_path / "session-0001-part2.xdf").touch()
    assert next_part(first).name == "session-0001-part3.xdf"


def test_what_belongs_to_a_session(tmp_path: Path) -> None:
    first = tmp_path / "session-0001.xdf"
    assert is_part_of(first, first)
    assert is_part_of(tmp_path / "session-0001-part2.xdf", first)
    assert not is_part_of(tmp_path / "session-0002.xdf", first)
    assert not is_part_of(tmp_path / "elsewhere" / "session-0001-part2.xdf", first)


def test_one_part_is_read_as_it_is(tmp_path: Path) -> None:
    path = write_gaze(tmp_path / "session-0001.xdf").path
    assert joined([read(path)]).streams.keys() == read(path).streams.keys()
    with pytest.raises(MissingPathError):
        read_parts(tmp_path / "session-0002.xdf")


def test_parts_are_read_as_one_recording(tmp_path: Path) -> None:
    first = tmp_path / "session-0001.xdf"
    one = write_gaze(first)
    write_gaze(next_part(first))
    alone, both = read(first), read_parts(first)
    names = {stream.name for stream in alone.streams.values()}
    assert {stream.name for stream in both.streams.values()} == names
    gaze = [stream for stream in both.streams.values() if stream.type == "Gaze"]
    assert [stream.segment for stream in gaze] == [1, 2]
    assert len(both.gaze()) == 2 * len(alone.gaze())
    assert np.array_equal(both.gaze().t_s[: len(alone.gaze())], alone.gaze().t_s)
    assert both.damage.sound
    assert one.path == both.path


def test_markers_sent_again_to_the_next_recorder_count_once(tmp_path: Path) -> None:
    first = tmp_path / "session-0001.xdf"
    write_gaze(first)
    write_gaze(next_part(first))
    alone, both = read(first), read_parts(first)
    assert any(isinstance(marker, CaseOpened) for marker in alone.markers())
    assert both.markers() == alone.markers()


@pytest.mark.parametrize("content", [b"", b"XDF:", b"something else", None])
def test_a_part_that_cannot_be_read_takes_nothing_from_the_others(
    tmp_path: Path, content: bytes | None
) -> None:
    first = tmp_path / "session-0001.xdf"
    write_gaze(first)
    if content is None:
        next_part(first).mkdir()
    else:
        next_part(first).write_bytes(content)
    write_gaze(tmp_path / "session-0001-part3.xdf")
    both = read_parts(first)
    assert len(both.gaze()) == 2 * len(read(first).gaze())
    assert not both.damage.sound
    (sentence,) = both.damage.sentences()
    assert sentence.startswith("session-0001-part2.xdf is left out: ")


def test_a_part_that_is_missing_is_told(tmp_path: Path) -> None:
    write_gaze(tmp_path / "session-0001-part3.xdf")
    damage = read_parts(tmp_path / "session-0001.xdf").damage
    assert not damage.sound
    assert damage.sentences() == [
        "session-0001.xdf is missing, later parts are there",
        "session-0001-part2.xdf is missing, later parts are there",
    ]


def test_parts_none_of_which_can_be_read_are_an_error(tmp_path: Path) -> None:
    for name in ("session-0001.xdf", "session-0001-part2.xdf"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputError, match=r"session-0001\.xdf"):
        read_parts(tmp_path / "session-0001.xdf")
