"""The widgets of the worklist: thin, they show and forward."""
