"""Watches the acquisition while a reader reads and tells at once what is wrong."""
