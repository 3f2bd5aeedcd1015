"""Reading: the image, the reader's tools, the answers given by keys; no gaze, no clock."""
