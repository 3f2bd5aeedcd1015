"""Acquisition: the tracker's and the recorder's processes, the marker stream, live status."""
