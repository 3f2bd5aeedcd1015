"""Contrastive views that keep what the reader looked at; a new preset is a row in `presets`."""

from training.views.focuscontrast import FocusContrastViews, Views
from training.views.presets import PRESETS, Preset

__all__ = ["PRESETS", "FocusContrastViews", "Preset", "Views"]
