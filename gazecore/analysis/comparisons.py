"""What an analysis adds about areas of interest and between readers: two tables of the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.analysis.aoi_table import write_aoi_table
from gazecore.analysis.consistency_table import write_consistency_table
from gazecore.errors import InputError, StudyError

if TYPE_CHECKING:
    from pathlib import Path


def write_comparisons(study_folder: Path) -> list[str]:
    """Write both tables of a study whose other derivatives are in place; sentences on problems.

    The agreement of readers is left as it is where no map changed since it was written. A table
    that cannot be made any more goes, so that none outlives what it was made from.
    """
    folder = study_folder / "derivatives"
    problems = []
    try:
        write_aoi_table(study_folder)
    except (InputError, StudyError) as error:
        problems.append(str(error))
        (folder / "aois.parquet").unlink(missing_ok=True)
    consistency = folder / "consistency.parquet"
    if _is_newer(consistency, folder / "attention"):
        return problems
    try:
        write_consistency_table(study_folder)
    except (InputError, StudyError) as error:
        problems.append(f"agreement of readers: {error}")
        consistency.unlink(missing_ok=True)
    return problems


def _is_newer(table: Path, maps: Path) -> bool:
    """Whether a table was written since a map was put into its folder or removed from it."""
    try:
        return table.stat().st_mtime_ns >= maps.stat().st_mtime_ns
    except FileNotFoundError:
        return False
