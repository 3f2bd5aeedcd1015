from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.errors import (
    InputError,
    InvalidSettingError,
    MissingPathError,
    NotAnImageError,
    UnknownRecordError,
)
from gazecore.study.catalogue import next_number
from gazecore.study.durable import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gazecore.dicom import XrayImage
    from gazecore.study import Study

    MakeImage = Callable[[str, int], Path]


def test_images_are_copied_under_pseudonymous_names(study: Study, make_image: MakeImage) -> None:
    sources = [make_image("Müller^Anna 1950.png", 3), make_image("b.png", 1)]
    cases = study.import_images(sources, reference={"b.png": "2"}, simulated=True)
    assert [case.case_id for case in cases] == ["case-0001", "case-0002"]
    assert [case.path.name for case in cases] == ["case-0001.png", "case-0002.png"]
    assert [(case.width_px, case.height_px) for case in cases] == [(40, 33), (40, 31)]
    assert [case.reference_answer for case in cases] == [None, "2"]
    assert all(case.simulated for case in cases)
    for case, source in zip(cases, sources, strict=True):
        assert case.path.read_bytes() == source.read_bytes()
        assert case.sha256 == sha256_of(source)
    assert study.cases() == cases


def test_no_name_of_a_source_enters_the_study(study: Study, make_image: MakeImage) -> None:
    study.import_images([make_image("canary-77aa.png", 3)])
    study.close()
    for path in study.path.rglob("*"):
        assert "canary" not in path.name
        if path.is_file():
            assert b"canary-77aa" not in path.read_bytes()


def test_the_same_image_is_one_case(study: Study, make_image: MakeImage) -> None:
    first = study.import_images([make_image("a.png", 3)])
    again = study.import_images([make_image("other name.png", 3)])
    assert again == first
    assert len(study.cases()) == 1


def test_what_is_no_image_is_refused_and_the_rest_taken(
    study: Study, make_image: MakeImage, tmp_path: Path
) -> None:
    make_image("a.png", 1)
    make_image("z.png", 2)
    text = tmp_path / "source" / "m.dcm"
    text.write_text("not an image")
    refused: list[tuple[Path, InputError]] = []
    cases = study.import_images(
        [tmp_path / "source"], on_refused=lambda path, error: refused.append((path, error))
    )
    assert len(cases) == 2
    assert [path for path, _ in refused] == [text]
    assert "\n" not in str(refused[0][1])
    with pytest.raises(NotAnImageError, match=r"m\.dcm"):
        study.import_images([text])
    with pytest.raises(MissingPathError):
        study.import_images([tmp_path / "none"])
    assert sorted(path.name for path in (study.path / "cases").iterdir()) == [
        "case-0001.png",
        "case-0002.png",
    ]


def test_a_file_left_by_a_crash_is_not_overwritten(study: Study, make_image: MakeImage) -> None:
    left = study.path / "cases" / "case-0001.dcm"
    left.write_bytes(b"left by a crash")
    (case,) = study.import_images([make_image("a.png", 3)])
    assert case.case_id == "case-0002"
    assert left.read_bytes() == b"left by a crash"


def test_images_are_opened_by_what_was_given(study: Study, make_image: MakeImage) -> None:
    from gazecore.dicom import open_image

    opened: list[str] = []

    def opener(path: Path) -> XrayImage:
        opened.append(path.name)
        return open_image(path)

    study.import_images([make_image("a.png", 3)], open_with=opener)
    assert opened == ["a.png"]


def test_readers_are_pseudonyms(study: Study) -> None:
    reader = study.add_reader("R-2", dominant_eye="left", glasses=True, consent_level="maps")
    assert study.readers()[1] == reader
    for wrong in ("", "Anna Müller", "../x", "r" * 33, "R1"):
        with pytest.raises(InvalidSettingError, match="pseudonym"):
            study.add_reader(wrong)
    with pytest.raises(InvalidSettingError, match="dominant_eye"):
        study.add_reader("r3", dominant_eye="both")  # type: ignore[arg-type]
    with pytest.raises(InvalidSettingError, match="consent_level"):
        study.add_reader("r3", consent_level="all")  # type: ignore[arg-type]


def test_the_dominant_eye_can_be_found_out_later(study: Study) -> None:
    study.set_dominant_eye("r1", "right")
    assert study.reader("r1").dominant_eye == "right"
    assert study.audit()[-1].action == "dominant eye changed"
    with pytest.raises(InvalidSettingError, match="dominant_eye"):
        study.set_dominant_eye("r1", "both")  # type: ignore[arg-type]
    with pytest.raises(UnknownRecordError, match="nobody"):
        study.set_dominant_eye("nobody", "left")


def test_consent_can_be_withdrawn(study: Study) -> None:
    study.set_consent("r1", "maps")
    assert study.consent_of("r1") == "maps"
    study.set_consent("r1", None)
    assert study.consent_of("r1") == "fixations"  # the protocol's
    assert study.audit()[-1].action == "consent changed"
    with pytest.raises(InvalidSettingError, match="consent_level"):
        study.set_consent("r1", "none")  # type: ignore[arg-type]
    with pytest.raises(UnknownRecordError, match="r9"):
        study.set_consent("r9", "maps")


def test_a_reference_answer_may_come_later_but_is_never_replaced(
    study: Study, make_image: MakeImage
) -> None:
    image = make_image("a.png", 3)
    study.import_images([image])
    (case,) = study.import_images([image], reference={"a.png": "2"})
    assert case.reference_answer == "2"
    assert study.import_images([image]) == [case]
    with pytest.raises(InvalidSettingError, match="reference answer of case-0001 is '3'"):
        study.import_images([image], reference={"a.png": "3"})


def test_an_unknown_case_is_named(study: Study) -> None:
    with pytest.raises(UnknownRecordError, match="case-0001"):
        study.case("case-0001")


def test_numbers_go_on_from_the_highest() -> None:
    assert next_number(["case-0009", "case-0010", "notes"]) == 11
