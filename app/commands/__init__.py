"""The commands of `focusstation`, one module each, imported only when called."""
