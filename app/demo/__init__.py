"""The demo: the whole loop on this machine, no hardware, no network, all gaze simulated."""
