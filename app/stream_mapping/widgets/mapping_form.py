"""What the channels mean: whose gaze, which channels, unit, resolution, origin, loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.shared.blocks import label, named
from app.stream_mapping.viewmodel import (
    MISSING_TEXT,
    SIDES,
    UNIT_TEXT,
    channel_names,
    sides_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.stream_mapping.viewmodel import MappingState
    from gazecore.streams import EyeMapping, StreamProfile

FIELDS = (("x", "x"), ("y", "y"), ("pupil", "Pupil"), ("valid", "Validity"))
OPTIONAL = frozenset({"pupil", "valid"})
NONE_TEXT = "none"
MOST_PX = 20_000


class MappingForm(QWidget):
    """Shows a mapping and tells each change; shows nothing of its own making.

    Signals
    -------
    edited : dict
        Fields of `StreamProfile` with new values.
    sides_chosen : str
        Whose gaze is read.
    """

    edited = Signal(object)
    sides_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mapping_form")
        self._profile: StreamProfile | None = None
        self._channels: tuple[str, ...] = ()
        self.sides = _combo("sides_box", [(text, key) for key, text in SIDES])
        self.unit = _combo("unit_box", [(text, key) for key, text in UNIT_TEXT.items()])
        self.x_origin = _combo(
            "x_origin_box", [("x rises to the right", "left"), ("x rises to the left", "right")]
        )
        self.y_origin = _combo(
            "y_origin_box", [("y rises downwards", "top"), ("y rises upwards", "bottom")]
        )
        self.size_px = (_pixels("width_box"), _pixels("height_box"))
        self.missing = {
            rule: named(QCheckBox(text), f"missing_{rule}_box")
            for rule, text in MISSING_TEXT.items()
        }
        self.channel_boxes = {
            (column, field): named(QComboBox(), f"{field}_{column}_box")
            for column in (0, 1)
            for field, _ in FIELDS
        }
        self._heads = (label("", "eyebrow"), label("", "eyebrow"))
        self._size_row = QWidget()
        self._lay_out()
        self._connect()

    def show_state(self, state: MappingState) -> None:
        """Show the mapping as it stands; without one there is nothing to change."""
        self._profile = state.profile
        self.setVisible(state.profile is not None)
        if state.profile is None or state.about is None:
            return
        boxes = (*self.channel_boxes.values(), self.sides, self.unit, self.x_origin, self.y_origin)
        blockers = [QSignalBlocker(w) for w in (*boxes, *self.size_px, *self.missing.values())]
        self._offer(channel_names(state.about))
        self._show_eyes(state.profile)
        for box, value in (
            (self.sides, sides_of(state.profile)),
            (self.unit, state.profile.unit),
            (self.x_origin, state.profile.x_origin),
            (self.y_origin, state.profile.y_origin),
        ):
            box.setCurrentIndex(box.findData(value))
        self._size_row.setVisible(state.profile.unit in ("px", "px_centred"))
        for spin, pixels in zip(self.size_px, state.profile.resolution_px or (0, 0), strict=True):
            spin.setValue(round(pixels))
        for rule, check in self.missing.items():
            check.setChecked(rule in state.profile.missing)
        self.missing["flag"].setEnabled(any(e.valid is not None for _, e in self._eyes()))
        del blockers

    def _offer(self, channels: tuple[str, ...]) -> None:
        if channels == self._channels:
            return
        self._channels = channels
        for (_, field), box in self.channel_boxes.items():
            box.clear()
            if field in OPTIONAL:
                box.addItem(NONE_TEXT, None)
            for number, name in enumerate(channels):
                box.addItem(name, number)

    def _show_eyes(self, profile: StreamProfile) -> None:
        self._profile = profile
        eyes = self._eyes()
        names = {"both": "BOTH EYES", "left": "LEFT EYE", "right": "RIGHT EYE"}
        for column, head in enumerate(self._heads):
            is_used = column < len(eyes)
            head.setText(names[eyes[column][0]] if is_used else "")
            for field, _ in FIELDS:
                box = self.channel_boxes[column, field]
                box.setVisible(is_used)
                if is_used:
                    box.setCurrentIndex(box.findData(getattr(eyes[column][1], field)))

    def _eyes(self) -> list[tuple[str, EyeMapping]]:
        """The eyes of the mapping in the order of the columns."""
        profile = self._profile
        if profile is None:
            return []
        sides = (("both", profile.both), ("left", profile.left), ("right", profile.right))
        return [(side, eye) for side, eye in sides if eye is not None]

    def _on_channel(self, column: int, field: str) -> None:
        side, eye = self._eyes()[column]
        number = self.channel_boxes[column, field].currentData()
        changes: dict[str, Any] = {side: eye.model_copy(update={field: number}).model_dump()}
        profile = self._profile
        if field == "valid" and profile is not None:
            rules = [rule for rule in profile.missing if rule != "flag"]
            changes["missing"] = (*rules, "flag") if number is not None else tuple(rules)
        self.edited.emit(changes)

    def _on_missing(self) -> None:
        rules = [rule for rule, check in self.missing.items() if check.isChecked()]
        self.edited.emit({"missing": ("nan", *rules)})

    def _on_size(self) -> None:
        width_px, height_px = (spin.value() for spin in self.size_px)
        if width_px and height_px:
            self.edited.emit({"resolution_px": (float(width_px), float(height_px))})

    def _connect(self) -> None:
        self.sides.activated.connect(lambda _: self.sides_chosen.emit(self.sides.currentData()))
        for name, box in (
            ("unit", self.unit),
            ("x_origin", self.x_origin),
            ("y_origin", self.y_origin),
        ):
            box.activated.connect(
                lambda _, name=name, box=box: self.edited.emit({name: box.currentData()})
            )
        for (column, field), box in self.channel_boxes.items():
            box.activated.connect(
                lambda _, column=column, field=field: self._on_channel(column, field)
            )
        for spin in self.size_px:
            spin.editingFinished.connect(self._on_size)
        for check in self.missing.values():
            check.clicked.connect(self._on_missing)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.addWidget(label("Gaze of", "muted"), 0, 0)
        grid.addWidget(self.sides, 0, 1, 1, 2)
        for number, head in enumerate(self._heads):
            grid.addWidget(head, 1, 1 + number)
        for row, (field, text) in enumerate(FIELDS, 2):
            grid.addWidget(label(text, "muted"), row, 0)
            for number in (0, 1):
                grid.addWidget(self.channel_boxes[number, field], row, 1 + number)
        last = 2 + len(FIELDS)
        grid.addWidget(label("Unit", "muted"), last, 0)
        grid.addWidget(self.unit, last, 1)
        grid.addWidget(self._size_row, last, 2)
        grid.addWidget(label("Direction", "muted"), last + 1, 0)
        grid.addWidget(self.x_origin, last + 1, 1)
        grid.addWidget(self.y_origin, last + 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        column.addLayout(grid)
        self._lay_out_size()
        loss = QHBoxLayout()
        loss.setSpacing(18)
        loss.addWidget(label("Lost when", "muted"))
        for check in self.missing.values():
            loss.addWidget(check)
        loss.addStretch(1)
        column.addLayout(loss)

    def _lay_out_size(self) -> None:
        row = QHBoxLayout(self._size_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label("of", "muted"))
        row.addWidget(self.size_px[0], 1)
        row.addWidget(label("x", "muted"))
        row.addWidget(self.size_px[1], 1)


def _combo(name: str, items: Sequence[tuple[str, str]]) -> QComboBox:
    box = named(QComboBox(), name)
    for text, data in items:
        box.addItem(text, data)
    return box


def _pixels(name: str) -> QSpinBox:
    spin = named(QSpinBox(), name)
    spin.setRange(0, MOST_PX)
    spin.setSpecialValueText("?")
    spin.lineEdit().setTextMargins(10, 0, 0, 0)
    return spin
