"""Gaze recorded elsewhere, brought into a study as recordings like our own.

An importer turns a data set into `ImportedReading` objects; `store_sitting` makes sessions,
readings and a recording of them, so that analysis, replay and export need no exception for
imported gaze. What a format lacks is never made up: samples that are lost stay lost, and a data
set without samples cannot be imported as a recording.

To add a format: write ``gazecore/importers/<name>.py`` with a function that returns the readings
of each reader, and name it in ``app/commands/import_gaze.py``.
"""

from gazecore.importers.reflacx import read_reflacx
from gazecore.importers.sitting import ImportedReading, View, store_sitting

__all__ = ["ImportedReading", "View", "read_reflacx", "store_sitting"]
