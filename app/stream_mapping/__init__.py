"""Streams: trackers of other labs on the bus, what their channels mean, and the proof of it."""
