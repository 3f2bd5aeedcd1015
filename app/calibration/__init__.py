"""Calibration of the tracker and its separate validation, before a sitting's first case."""
