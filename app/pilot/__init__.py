"""A pilot: types, clicks and turns the wheel on the real station, for the demo and for tests."""
