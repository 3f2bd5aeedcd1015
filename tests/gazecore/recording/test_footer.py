from __future__ import annotations

import numpy as np

from gazecore.recording.footer import FooterMaker, read_begun, read_footer


def test_what_a_footer_says_is_read_back_bit_by_bit() -> None:
    maker = FooterMaker('<?xml version="1.0"?><info><name>a &amp; b</name></info>')
    maker.count(np.array([1.1, 2.2]))
    maker.count(np.array([3.3]))
    offsets = [(1 / 3, -2.5e-7), (1e9 / 7, 0.1 + 0.2)]
    for offset in offsets:
        maker.add_offset(*offset)
    footer = read_footer(maker.xml())
    assert footer.samples == 3
    assert footer.stream_header == '<?xml version="1.0"?><info><name>a &amp; b</name></info>'
    assert footer.offsets == offsets
    assert b"<measured_srate>0.90909" in maker.xml()


def test_an_empty_stream_has_no_rate() -> None:
    assert b"<measured_srate>0.0<" in FooterMaker("").xml()


def test_a_footer_of_nonsense_says_nothing() -> None:
    nonsense = (
        b"no xml",
        b"<info><sample_count>-3</sample_count></info>",
        b"<info><clock_offsets><offset><time>x</time></offset></clock_offsets></info>",
    )
    for xml in nonsense:
        footer = read_footer(xml)
        assert (footer.samples, footer.stream_header, footer.offsets) == (0, "", [])


def test_the_file_header_says_when_it_began() -> None:
    header = b"<info><datetime>2026-03-01T14:02:00+01:00</datetime></info>"
    assert read_begun(header) == "2026-03-01T14:02:00+01:00"
    assert read_begun(b"<info/>") == ""
    assert read_begun(b"nothing") == ""
