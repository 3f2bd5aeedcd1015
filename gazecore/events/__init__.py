"""Eye events: fixations, saccades, post-saccadic oscillations, blinks."""

from gazecore.events.detection import PRESETS, Events, detect_events, preset_name
from gazecore.events.labels import Label

__all__ = ["PRESETS", "Events", "Label", "detect_events", "preset_name"]
