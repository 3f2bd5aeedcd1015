"""What works on this machine: the checks behind ``focusstation doctor``."""
