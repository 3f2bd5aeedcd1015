"""The widgets of reading: thin, they show and forward."""
