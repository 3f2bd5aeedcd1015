"""Gaze data sets in the field's formats, whole or not at all, within the readers' consent.

To add a format:

1. Write ``gazecore/export/<name>.py`` with a class that fulfils
   `gazecore.export.exporter.Exporter` and an instance called ``exporter``. Say in ``levels``
   which of maps, fixations and raw the format can hold.
2. Take everything from the `ExportSource` that `write` gets: it holds consenting readers only,
   and times count from the start of each session. Write no path, name or date of the source.
3. Add the name to ``EXPORTERS`` in ``exporter.py`` and to the table in ``docs/schemas.md``.
4. Test it as its neighbours are: against the format's own validator where there is one, and by
   reading it back.

`export_study` does the rest: it refuses an existing target, writes aside, adds the manifest,
brings all to the disk and renames.
"""

from gazecore.export.exporter import EXPORTERS, Exporter, find_exporter
from gazecore.export.run import ExportReport, export_study
from gazecore.export.source import ExportSource

__all__ = [
    "EXPORTERS",
    "ExportReport",
    "ExportSource",
    "Exporter",
    "export_study",
    "find_exporter",
]
