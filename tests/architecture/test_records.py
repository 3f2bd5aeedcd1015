"""Every decision record has the form, fits a page, and is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "adr"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))


def test_records_are_numbered_without_holes() -> None:
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_record_is_one_page_in_the_form_and_listed(record: Path) -> None:
    lines = record.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# {record.name[:4]} ")
    wanted = ["Status: ", "Date: ", "## Context", "## Decision", "## Consequences"]
    found = [line for line in lines if line.startswith(tuple(wanted))]
    assert [line.startswith(start) for line, start in zip(found, wanted, strict=True)] == [True] * 5
    assert len(lines) <= 70
    assert f"]({record.name})" in (FOLDER / "README.md").read_text(encoding="utf-8")
