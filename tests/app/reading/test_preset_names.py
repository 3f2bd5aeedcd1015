from __future__ import annotations

import pytest

from app.reading.preset_names import harmless_name, harmless_view


@pytest.mark.parametrize(
    "name", ["NORMAL", "Harder", "SOFT TISSUE", "VOI LUT 1", "window 2", "WINDOW1", "Lung_2"]
)
def test_known_words_are_shown_as_the_file_has_them(name: str) -> None:
    assert harmless_name(name, 3) == name


@pytest.mark.parametrize(
    "name",
    [
        "DOE JOHN",
        "Doe^John",
        "FRACTURE",
        "BONE fracture left",
        "NORMAL 19570312",
        "SOFT\nTISSUE",
        "NORMÄL",
        "NORMAL " * 9,
        "---",
        "",
    ],
)
def test_anything_else_is_a_number(name: str) -> None:
    assert harmless_name(name, 3) == "window 3"


def test_views_are_defined_terms_alone() -> None:
    assert harmless_view("MG", "MLO") == "MG MLO"
    assert harmless_view("DX", "SMITH") == "DX"
    assert harmless_view("Smith", "") == ""
