from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING

import pytest

from app import cli
from gazecore.recording import read
from tests.gazecore.recording.material import Sender, running_senders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def make_sender(lsl_session: str) -> Iterator[Callable[..., Sender]]:
    del lsl_session
    with running_senders() as make:
        yield make


@pytest.fixture(autouse=True)
def configured(lsl_session: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """LSL is configured once per process, here by the test session."""
    del lsl_session
    monkeypatch.setattr("gazecore.lsl.configure", lambda: None)


def test_it_records_for_the_seconds_asked_for(
    make_sender: Callable[..., Sender], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_sender("eyes")
    out = tmp_path / "a.xdf"
    assert cli.run(["record", "--out", str(out), "--stream", "eyes", "--seconds", "0.5"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"recording eyes to {out}"
    assert said[1] == f"verified: {out}"
    assert f"  eyes: {len(read(out).streams['eyes'])} samples" in said
    assert said[-1] == "  gaps: 0"


def test_a_stream_that_went_away_is_told_at_the_end(
    make_sender: Callable[..., Sender], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is sound may still lack what was never sent: nobody should have to find out."""
    sender = make_sender("eyes")
    out = tmp_path / "a.xdf"
    leaving = threading.Timer(1.0, sender.vanish)
    leaving.start()
    assert cli.run(["record", "--out", str(out), "--stream", "eyes", "--seconds", "3"]) == 0
    leaving.join()
    faults = [line for line in capsys.readouterr().out.splitlines() if "fault: " in line]
    assert any(line.startswith("  fault: eyes: ") for line in faults), faults


def test_a_stream_that_is_not_there_yet_is_told(
    make_sender: Callable[..., Sender], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_sender("eyes")
    arguments = ["--stream", "eyes", "--stream", "late", "--seconds", "0.3"]
    assert cli.run(["record", "--out", str(tmp_path / "a.xdf"), *arguments]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1] == "  not there yet: late; it joins when it appears"


def test_json_is_one_document(
    make_sender: Callable[..., Sender], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_sender("eyes")
    out = tmp_path / "a.xdf"
    status = cli.run(["record", "--out", str(out), "--seconds", "0.3", "--json"])
    outcome = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (outcome["file"], outcome["verified"], outcome["error"]) == (str(out), True, None)


def test_no_stream_is_one_line_exit_2_and_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_s = time.monotonic()
    assert cli.run(["record", "--out", str(tmp_path / "a.xdf"), "--wait", "0.3"]) == 2
    assert time.monotonic() - start_s < 20
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "within 0.3 s" in error
    assert not list(tmp_path.iterdir())


def test_an_existing_file_is_one_line_and_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.xdf").write_bytes(b"precious")
    assert cli.run(["record", "--out", str(tmp_path / "a.xdf")]) == 2
    assert "exists already" in capsys.readouterr().err
    assert (tmp_path / "a.xdf").read_bytes() == b"precious"


@pytest.mark.parametrize("options", [[], ["--out", "a", "--seconds", "-1"], ["--out", "a", "-x"]])
def test_wrong_usage_exits_2(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["record", *options]) == 2
    assert capsys.readouterr().err.count("\n") == 1
