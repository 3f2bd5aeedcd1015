"""Gaze, images and studies: all of FocusStation that needs neither Qt nor torch."""

__version__ = "0.1.0"
