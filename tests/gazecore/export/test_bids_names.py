from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gazecore.export.bids_names import BidsRun, subject_labels

READERS = st.lists(
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,5}", fullmatch=True), unique=True, max_size=12
)


@given(READERS)
def test_labels_are_plain_and_different(reader_ids: list[str]) -> None:
    labels = subject_labels(reader_ids)
    assert list(labels) == reader_ids
    assert all(label.isascii() and label.isalnum() for label in labels.values())
    assert len({label.lower() for label in labels.values()}) == len(reader_ids)


def test_names_follow_the_entities_of_bids() -> None:
    run = BidsRun(Path("out"), "r1", "session-0012", 3)
    assert run.folder == Path("out/sub-r1/ses-0012/beh")
    assert run.file("events.tsv").name == "sub-r1_ses-0012_task-reading_run-003_events.tsv"
    assert run.physio("right", ".json").name == (
        "sub-r1_ses-0012_task-reading_run-003_recording-eye2_physio.json"
    )
