from __future__ import annotations

import pytest

from gazecore import lsl
from gazecore.recording.description import header_for_recording, read_description
from gazecore.samples import GAZE_CHANNELS, GAZE_LABELS

FOREIGN = """<?xml version="1.0"?><info><name>Tobii_gaze</name><type>Gaze</type>
<channel_count>3</channel_count><nominal_srate>600</nominal_srate>
<channel_format>float32</channel_format><source_id>TittaLSL:1</source_id><uid>u-1</uid>
<hostname>pc</hostname><desc>{desc}</desc></info>"""


def test_our_gaze_stream_is_read_whole(lsl_session: str) -> None:
    del lsl_session
    info = lsl.gaze_stream_info("eyes", 1200, "s1", simulated=True)
    about = read_description(info.as_xml())
    assert (about.name, about.type, about.source_id) == ("eyes", "Gaze", "s1")
    assert about.labels == GAZE_LABELS
    assert about.units == tuple(unit for _, unit in GAZE_CHANNELS)
    assert (about.nominal_rate_hz, about.true_rate_hz) == (0, 1200)
    assert about.description["simulated"] == "true"


@pytest.mark.parametrize(
    ("desc", "labels"),
    [
        ("", ("", "", "")),
        ("<channels><channel><label>x</label></channel></channels>", ("x", "", "")),
        (
            "<channels>"
            + "".join(f"<channel><label>{n}</label></channel>" for n in "abcd")
            + "</channels>",
            ("a", "b", "c"),
        ),
    ],
    ids=["none", "too few", "too many"],
)
def test_labels_are_one_per_channel(desc: str, labels: tuple[str, ...]) -> None:
    assert read_description(FOREIGN.format(desc=desc)).labels == labels


def test_the_header_to_record_is_irregular_and_keeps_the_declared_rate() -> None:
    about = read_description(header_for_recording(FOREIGN.format(desc="<k>v</k>"), segment=2))
    assert (about.nominal_rate_hz, about.true_rate_hz) == (0, 600)
    assert about.description["k"] == "v"
    assert about.description["recorded"] == {"declared_rate": "600", "segment": "2"}
    assert (about.uid, about.hostname) == ("u-1", "pc")


def test_a_header_without_a_description_gets_one() -> None:
    bare = "<info><channel_count>1</channel_count></info>"
    about = read_description(header_for_recording(bare))
    assert about.description["recorded"]["declared_rate"] == "0"


@pytest.mark.parametrize("rate", ["nan", "-1", "inf", "fast", ""])
def test_a_true_rate_that_is_none_is_not_believed(rate: str) -> None:
    about = read_description(FOREIGN.format(desc=f"<true_rate>{rate}</true_rate>"))
    assert about.true_rate_hz == 600


def test_repeated_names_are_a_list() -> None:
    about = read_description(FOREIGN.format(desc="<a>1</a><a>2</a><a>3</a>"))
    assert about.description["a"] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "xml", ["", "<info>", "<info/>", "<info><channel_count>0</channel_count></info>"]
)
def test_what_is_no_header_is_refused(xml: str) -> None:
    with pytest.raises(ValueError):
        read_description(xml)
