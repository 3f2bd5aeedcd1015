"""The protocol of a study: what readers answer, with which keys, in which order, how well tracked.

Every model is frozen and refuses unknown names. To add a setting: give it a default here and a
line in ``docs/schemas.md``; a setting without a default, or another meaning of an old one, needs
a new `SCHEMA_VERSION` and a migration (`gazecore.study.migrations`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from gazecore.errors import InvalidSettingError
from gazecore.geometry import Screen
from gazecore.messages import ScreenState
from gazecore.study.gestures import Gestures, bound_gestures
from gazecore.study.tool_keys import ToolKeys, bound_keys
from gazecore.study.tool_locks import checked_lock, locked_names

Overlay = Literal["corners", "orientation", "scale", "badges"]
OVERLAYS: tuple[Overlay, ...] = ("corners", "orientation", "scale", "badges")
Lock = Annotated[str, AfterValidator(checked_lock)]
ConsentLevel = Literal["maps", "fixations", "raw"]
CONSENT_LEVELS: tuple[ConsentLevel, ...] = ("maps", "fixations", "raw")
"""What may leave the study, from the least to the most telling; gaze is biometric."""


class Setting(BaseModel):
    """Base of all settings: frozen, and an unknown name is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Choice(Setting):
    """One possible answer and the keys that give it (Qt's portable key names)."""

    value: str = Field(min_length=1)
    label: str = ""
    keys: tuple[str, ...] = ()


class AnswerField(Setting):
    """One question of the answer form."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = ""
    choices: tuple[Choice, ...] = Field(min_length=1)
    required: bool = True

    @model_validator(mode="after")
    def _keys_and_values_are_unique(self) -> AnswerField:
        keys = [key for choice in self.choices for key in choice.keys]
        values = [choice.value for choice in self.choices]
        for name, entries in (("key", keys), ("value", values)):
            twice = sorted({entry for entry in entries if entries.count(entry) > 1})
            if twice:
                raise ValueError(f"each {name} once, but {', '.join(twice)} stands twice")
        return self

    def choice_for_key(self, key: str) -> Choice | None:
        """The choice that a key gives, or None."""
        return next((choice for choice in self.choices if key in choice.keys), None)


class CaseOrder(Setting):
    """How cases are ordered: shuffled per reader, shuffled once for all, or as imported."""

    kind: Literal["per_reader", "same_for_all", "as_imported"] = "per_reader"
    seed: int = 0


class Breaks(Setting):
    """A pause after every so many cases; 0 cases means no pauses."""

    every_cases: int = Field(20, ge=0)
    minutes: float = Field(2.0, ge=0)


class ScreenSettings(Setting):
    """The tracked screen: physical pixels, millimetres, reading distance, and its light.

    `max_mean_luminance` is a share of the screen's white, in light; 1 is no limit. `correction`
    says whether a screen's measured display curve is used, or has to be there.
    """

    name: str = ""
    width_px: float = Field(1920, gt=0)
    height_px: float = Field(1080, gt=0)
    width_mm: float = Field(597.7, gt=0)
    height_mm: float = Field(336.2, gt=0)
    distance_mm: float = Field(650.0, gt=0)
    refresh_hz: float | None = Field(None, gt=0)
    display_latency_s: float = Field(0.0, ge=0, le=1)
    max_mean_luminance: float = Field(0.4, gt=0, le=1)
    correction: Literal["if_measured", "required", "off"] = "if_measured"

    def geometry(self) -> Screen:
        """The screen as `gazecore.geometry` knows it."""
        return Screen(
            self.width_px, self.height_px, self.width_mm, self.height_mm, self.distance_mm
        )

    def state(self) -> ScreenState:
        """The screen as the `session_started` marker carries it."""
        own = {"display_latency_s", "max_mean_luminance", "correction"}
        return ScreenState(**self.model_dump(exclude=own))


class Windowing(Setting):
    """How a drag changes the window: along which axis, how far, coarse with Shift, fine with Ctrl.

    At speed 1 a drag of 400 physical pixels moves the centre by one width, or the width by a
    factor e.
    """

    across: Literal["width", "center"] = "width"
    up: Literal["brighter", "darker"] = "brighter"
    speed: float = Field(1.0, ge=0.05, le=20)
    coarse: float = Field(4.0, ge=1, le=20)
    fine: float = Field(0.25, ge=0.01, le=1)


class Environment(Setting):
    """Where the readings take place."""

    site: str = ""
    room_lux: float | None = Field(None, ge=0)
    notes: str = ""


class Calibration(Setting):
    """Calibration and the separate validation that a sitting must pass before its first case.

    `background_level` None means as bright as the cases; 0 cases or seconds means never.
    """

    points: Literal[5, 9, 13] = 5
    validation_points: Literal[4, 5, 9, 13] = 4
    eyes: Literal["both", "dominant", "left", "right"] = "both"
    max_accuracy_deg: float = Field(1.0, gt=0)
    max_precision_rms_deg: float = Field(0.5, gt=0)
    max_data_loss: float = Field(0.2, ge=0, le=1)
    max_drift_deg: float = Field(1.5, gt=0)
    drift_check_every_cases: int = Field(0, ge=0)
    drift_check_after_away_s: float = Field(10.0, ge=0)
    max_click_distance_deg: float = Field(2.5, gt=0)
    background_level: int | None = Field(None, ge=0, le=255)

    def eye_of(self, dominant_eye: str) -> Literal["both", "left", "right"]:
        """The eye that counts for a reader; both where the dominant one is asked but unknown."""
        if self.eyes != "dominant":
            return self.eyes
        return "left" if dominant_eye == "left" else "right" if dominant_eye == "right" else "both"


class Exclusion(Setting):
    """When a reading is left out of the analysis; it is never deleted. None is no rule."""

    max_data_loss: float = Field(0.5, ge=0, le=1)
    min_duration_s: float = Field(0.5, ge=0)
    max_accuracy_deg: float | None = Field(None, gt=0)
    max_precision_rms_deg: float | None = Field(None, gt=0)
    max_drift_deg: float | None = Field(None, gt=0)
    max_gap_s: float | None = Field(None, gt=0)
    max_off_image_share: float | None = Field(None, ge=0, le=1)
    min_effective_rate_hz: float | None = Field(None, gt=0)


class Tracking(Setting):
    """Where gaze comes from; streams of other machines only if their hosts are named."""

    stream: str = "FocusStation gaze"
    remote_hosts: tuple[str, ...] = ()
    eyes_lost_notice_s: float = Field(5.0, ge=0)
    expected_minutes_per_case: float = Field(2.0, gt=0)


def _grade_form() -> tuple[AnswerField, ...]:
    labels = ("none", "doubtful", "minimal", "moderate", "severe")
    choices = tuple(
        Choice(value=str(grade), label=label, keys=(str(grade),) if grade else ("Return", "Enter"))
        for grade, label in enumerate(labels)
    )
    return (AnswerField(name="grade", label="Kellgren-Lawrence grade", choices=choices),)


class Protocol(Setting):
    """All a study fixes beforehand; the defaults are the knee reading of FocusContrast's paper."""

    form: tuple[AnswerField, ...] = Field(default_factory=_grade_form, min_length=1)
    order: CaseOrder = CaseOrder()
    breaks: Breaks = Breaks()
    locked_tools: tuple[Lock, ...] = ()
    keys: ToolKeys = ToolKeys()
    mouse: Gestures = Gestures()
    overlays: tuple[Overlay, ...] = OVERLAYS
    image_overlays: Literal["hidden", "off", "on"] = "hidden"
    windowing: Windowing = Windowing()
    screen: ScreenSettings = ScreenSettings()
    environment: Environment = Environment()
    calibration: Calibration = Calibration()
    exclusion: Exclusion = Exclusion()
    tracking: Tracking = Tracking()
    instructions: str = "Grade the knee: keys 1 to 4 give the grade, Enter gives 0."
    consent_level: ConsentLevel = "fixations"

    @model_validator(mode="after")
    def _field_names_are_unique(self) -> Protocol:
        names = [field.name for field in self.form]
        if len(set(names)) != len(names):
            raise ValueError("answer fields with different names")
        return self

    @model_validator(mode="after")
    def _keys_mean_one_thing(self) -> Protocol:
        bound_keys(self.keys, self.answer_keys)
        bound_gestures(self.mouse)
        return self

    @property
    def answer_keys(self) -> frozenset[str]:
        """Every key that answers a field of the form."""
        return frozenset(
            key for field in self.form for choice in field.choices for key in choice.keys
        )

    def tool_keys(self) -> dict[str, str]:
        """The tool of each key of this study, without the tools that are locked."""
        locked, bound = self.locked_names, bound_keys(self.keys, self.answer_keys)
        return {key: name for key, name in bound.items() if name not in locked}

    def gestures(self) -> dict[str, str]:
        """The gesture of each mouse button of this study, without those that are locked."""
        bound, locked = bound_gestures(self.mouse), self.locked_names
        return {button: name for button, name in bound.items() if name not in locked}

    @property
    def locked_names(self) -> frozenset[str]:
        """Every tool and gesture that is taken away; hidden overlays take their tool along."""
        hidden = ("overlays",) if self.image_overlays == "hidden" else ()
        return locked_names((*self.locked_tools, *hidden))

    def is_locked(self, name: str) -> bool:
        """Whether a tool or gesture is taken away."""
        return name in self.locked_names

    def field(self, name: str) -> AnswerField:
        """The answer field called `name`.

        Raises
        ------
        InvalidSettingError
            The form has no such field.
        """
        for field in self.form:
            if field.name == name:
                return field
        raise InvalidSettingError("answer field", name, " or ".join(f.name for f in self.form))

    def check_answer(self, name: str, value: str) -> None:
        """Refuse an answer that the form does not offer."""
        values = [choice.value for choice in self.field(name).choices]
        if value not in values:
            raise InvalidSettingError(f"answer {name}", value, "one of " + ", ".join(values))


def lowest_consent(*levels: ConsentLevel | None) -> ConsentLevel:
    """The least telling of some levels; None means no wish of its own."""
    return min((x for x in levels if x is not None), key=CONSENT_LEVELS.index)


def setting_error(error: ValidationError, where: str) -> InvalidSettingError:
    """The first problem of a failed validation as one line that names the setting."""
    first = error.errors(include_url=False)[0]
    name = ".".join([where, *(str(part) for part in first["loc"])])
    if first["type"] == "missing":
        return InvalidSettingError(name, None, "a value; it is missing")
    if first["type"] == "extra_forbidden":
        return InvalidSettingError(name, first["input"], "no setting of this name; remove it")
    expected = first["msg"].removeprefix("Value error, ")
    value = first["input"] if not isinstance(first["input"], dict) else "inconsistent"
    return InvalidSettingError(name, value, expected.replace("Input should be ", ""))


def changed_protocol(protocol: Protocol | None, changes: dict[str, str]) -> Protocol:
    """A protocol with settings changed by dotted name; values as a user types them.

    Examples
    --------
    >>> changed_protocol(None, {"order.seed": "7", "locked_tools": "zoom,pan"}).order.seed
    7

    Raises
    ------
    InvalidSettingError
        No such setting, or a value outside what is possible.
    """
    values = (protocol or Protocol()).model_dump()
    for name, text in changes.items():
        table: Any = values
        *parents, last = name.split(".")
        for parent in parents:
            table = table.get(parent) if isinstance(table, dict) else None
        if not isinstance(table, dict) or last not in table or isinstance(table[last], dict):
            expected = "the name of one setting, as 'study protocol' shows them"
            raise InvalidSettingError("--set", name, expected)
        table[last] = _typed_like(table[last], text)
    try:
        return Protocol.model_validate(values)
    except ValidationError as error:
        raise setting_error(error, "protocol") from error


def split_changes(changes: list[str]) -> dict[str, str]:
    """Turn ``["NAME=VALUE", ...]`` into a dictionary."""
    wrong = [change for change in changes if "=" not in change]
    if wrong:
        raise InvalidSettingError("--set", wrong[0], "NAME=VALUE, for example order.seed=7")
    pairs = (change.partition("=") for change in changes)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _typed_like(current: object, text: str) -> object:
    """What a user typed, as a list or whole number where the setting is one now."""
    if isinstance(current, tuple):
        return [part.strip() for part in text.split(",") if part.strip()]
    if type(current) is int and text.lstrip("-").isdecimal():
        return int(text)
    return text
