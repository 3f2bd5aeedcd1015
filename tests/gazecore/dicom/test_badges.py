"""Badges carry a code to act on and a line to read."""

from __future__ import annotations

from gazecore.dicom.badges import Badge, badges_of


def test_a_badge_for_each_text() -> None:
    assert badges_of("window", ["a", "b"]) == (Badge("window", "a"), Badge("window", "b"))
    assert badges_of("window", []) == ()
