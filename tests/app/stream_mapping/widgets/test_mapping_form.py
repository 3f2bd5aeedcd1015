from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.stream_mapping.viewmodel import MappingState
from app.stream_mapping.widgets.mapping_form import MappingForm
from gazecore.streams import EyeMapping, StreamMatch, StreamProfile
from tests.app.stream_mapping.test_viewmodel import described
from tests.gazecore.streams.wild import about

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox
    from pytestqt.qtbot import QtBot

LABELS = ("lx", "ly", "rx", "ry", "ok")
PROFILE = StreamProfile(
    profile_id="p",
    match=StreamMatch(name="lab", type="Gaze", channels=5),
    left=EyeMapping(x=0, y=1, valid=4),
    right=EyeMapping(x=2, y=3, valid=4),
    unit="px",
    resolution_px=(1280, 1024),
    y_origin="bottom",
    missing=("nan", "zero", "flag"),
)


def state(profile: StreamProfile | None) -> MappingState:
    return MappingState(
        chosen="lab",
        about=described(about("lab", "Gaze", LABELS)),
        profile=profile,
        origin="hand" if profile else "",
    )


@pytest.fixture
def form(qtbot: QtBot) -> MappingForm:
    made = MappingForm()
    qtbot.addWidget(made)
    made.show_state(state(PROFILE))
    return made


@pytest.fixture
def edits(form: MappingForm) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    form.edited.connect(made.append)
    return made


def pick(box: QComboBox, data: object) -> None:
    """Choose an entry as a person does."""
    index = box.findData(data)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_the_mapping_is_shown_and_showing_it_changes_nothing(
    form: MappingForm, edits: list[dict[str, Any]]
) -> None:
    assert form.sides.currentData() == "eyes"
    assert form.channel_boxes[1, "x"].currentText() == "3  rx"
    assert form.channel_boxes[0, "valid"].currentText() == "5  ok"
    assert form.channel_boxes[0, "pupil"].currentText() == "none"
    assert form.unit.currentData() == "px"
    assert [spin.value() for spin in form.size_px] == [1280, 1024]
    assert form.y_origin.currentData() == "bottom"
    assert [rule for rule, box in form.missing.items() if box.isChecked()] == ["zero", "flag"]
    form.show_state(state(PROFILE.model_copy(update={"unit": "norm", "y_origin": "top"})))
    assert form.unit.currentData() == "norm"
    assert edits == []


def test_each_field_tells_its_change(form: MappingForm, edits: list[dict[str, Any]]) -> None:
    pick(form.channel_boxes[1, "y"], 1)
    assert edits[-1]["right"]["y"] == 1
    assert edits[-1]["right"]["x"] == 2
    pick(form.unit, "percent")
    pick(form.x_origin, "right")
    pick(form.y_origin, "top")
    assert edits[-3:] == [{"unit": "percent"}, {"x_origin": "right"}, {"y_origin": "top"}]
    form.missing["outside"].click()
    assert edits[-1] == {"missing": ("nan", "zero", "flag", "outside")}
    form.size_px[0].setValue(1600)
    form.size_px[0].editingFinished.emit()
    assert edits[-1] == {"resolution_px": (1600.0, 1024.0)}
    chosen: list[str] = []
    form.sides_chosen.connect(chosen.append)
    pick(form.sides, "left")
    assert chosen == ["left"]


def test_a_validity_channel_brings_its_rule_and_takes_it_along(
    form: MappingForm, edits: list[dict[str, Any]]
) -> None:
    pick(form.channel_boxes[0, "valid"], None)
    assert edits[-1]["missing"] == ("nan", "zero")
    pick(form.channel_boxes[0, "valid"], 3)
    assert edits[-1]["missing"] == ("nan", "zero", "flag")


def test_one_eye_needs_one_column_and_no_mapping_no_form(form: MappingForm) -> None:
    both = PROFILE.model_copy(update={"left": None, "right": None, "both": PROFILE.left})
    form.show_state(state(both))
    assert form.channel_boxes[1, "x"].isHidden()
    assert not form.channel_boxes[0, "x"].isHidden()
    form.show_state(state(None))
    assert form.isHidden()
