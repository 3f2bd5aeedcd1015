"""The operator's strip: how well gaze comes in, outside reading."""
