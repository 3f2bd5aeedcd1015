"""The light a screen gives: the standard grey scale, measured curves, corrections, the limit."""
