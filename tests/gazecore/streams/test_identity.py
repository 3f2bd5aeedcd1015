from __future__ import annotations

from gazecore.recording.description import read_description
from gazecore.streams import listed_labels
from tests.gazecore.streams.wild import About, about

XML = """<info><name>odd</name><type>Gaze</type><channel_count>{count}</channel_count>
<channel_format>float32</channel_format><desc><channels>{channels}</channels></desc></info>"""


def _described(labels: tuple[str, ...], count: int) -> tuple[str, ...]:
    channels = "".join(f"<channel><label>{text}</label></channel>" for text in labels)
    return listed_labels(read_description(XML.format(count=count, channels=channels)))


def test_labels_are_all_that_is_listed_whatever_the_channel_count_says() -> None:
    assert _described(("a", "b", "c"), 4) == ("a", "b", "c")
    assert _described(("a", "b", "c"), 1) == ("a", "b", "c")
    assert _described(("a",), 1) == ("a",)
    assert _described((), 2) == ()


def test_names_given_as_json_are_labels() -> None:
    assert listed_labels(About("e", "Gaze", ("", ""), "", {"column_names": '["x", "y"]'})) == (
        "x",
        "y",
    )


def test_what_is_no_list_of_names_is_none() -> None:
    for text in ("not json", '{"x": 1}', "3"):
        assert listed_labels(About("e", "Gaze", ("",), "", {"column_names": text})) == ()


def test_without_a_description_the_channels_own_labels_count() -> None:
    assert listed_labels(About("e", "Gaze", ("x", "y"))) == ("x", "y")
    assert listed_labels(about("e", "Gaze", ("x", "y"))) == ("x", "y")
