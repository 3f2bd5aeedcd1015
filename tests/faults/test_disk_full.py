"""The recording's disk is too small, fills up, is slow, or goes away: it is said, nothing lost."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.cli import run
from gazecore.recording import read
from gazecore.recording.recovery import examine
from tests.faults.recorders import (
    NAME,
    demand_equal,
    json_of,
    outcome_of,
    start_recorder,
    start_script,
)
from tests.gazecore.recording.material import Sender, running_senders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

resource = pytest.importorskip("resource", reason="limits of POSIX")

RECORD = """
import json, os, shutil, sys, time
from pathlib import Path
from gazecore import lsl
from gazecore.errors import FocusStationError
from gazecore.recording.plan import RecorderSettings, RecordingPlan
from gazecore.recording.process import RecorderProcess

out, least_free, planned_s, seconds = Path(sys.argv[1]), *(float(a) for a in sys.argv[2:5])
lsl.configure()
settings = RecorderSettings(least_free_bytes=int(least_free), warn_free_bytes=10**12)
plan = RecordingPlan(
    out, ("killed",), seconds=seconds or None, planned_s=planned_s, settings=settings
)
exec(sys.argv[6] if len(sys.argv) > 6 else "")
failed_s = []
plain_write = os.write

def write(descriptor, data):
    try:
        return plain_write(descriptor, data)
    except OSError:
        failed_s.append(time.monotonic())
        raise

def told_after_s():
    return time.monotonic() - failed_s[0] if failed_s else None

os.write = write
try:
    outcome = RecorderProcess(plan).run()
except FocusStationError as error:
    print(json.dumps({"refused": str(error), "files": os.listdir(out.parent)}))
else:
    shutil.copy(out, sys.argv[5])
    print(json.dumps({
        "error": outcome.error, "verified": outcome.verified, "samples": outcome.samples,
        "told_after_s": told_after_s(),
    }))
"""
MOUNT = 'mount -t tmpfs -o size="$0" tmpfs "$1" && shift && exec "$@"'


@pytest.fixture
def sender(lsl_session: str) -> Iterator[Sender]:
    del lsl_session
    with running_senders() as make:
        yield make(NAME)


@pytest.fixture(scope="module")
def can_mount(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A small file system of one's own needs a mount namespace, which not every machine allows."""
    folder = tmp_path_factory.mktemp("mount")
    tool = shutil.which("unshare")
    command = [str(tool), "-rm", "sh", "-c", MOUNT, "64k", str(folder), "true"]
    if tool is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no small file system can be mounted here (unshare -rm with tmpfs)")


class SmallDisk:
    """Runs a recorder whose file lies on a tmpfs of a given size."""

    def __init__(self, folder: Path) -> None:
        self.mounted = folder / "small disk"
        self.mounted.mkdir()
        self.kept = folder / "kept.xdf"

    def record(
        self,
        size: str,
        least_free: float = 0,
        planned_s: float = 0,
        seconds: float = 0,
        beforehand: str = "",
    ) -> dict[str, object]:
        arguments = (least_free, planned_s, seconds, self.kept, beforehand)
        process = start_script(
            RECORD,
            str(self.mounted / "a.xdf"),
            *map(str, arguments),
            prefix=["unshare", "-rm", "sh", "-c", MOUNT, size, str(self.mounted)],
        )
        status, out, error = outcome_of(process)
        assert (status, error) == (0, "")
        return json_of(out)


@pytest.fixture
def small_disk(can_mount: None, tmp_path: Path) -> SmallDisk:
    del can_mount
    return SmallDisk(tmp_path)


@pytest.mark.usefixtures("sender")
def test_too_little_room_for_the_plan_refuses_to_begin(small_disk: SmallDisk) -> None:
    report = small_disk.record("4m", least_free=1e6, planned_s=3600)
    said = str(report["refused"])
    assert "60 minutes at this rate need 1.17 GB, and 0.00 GB must stay free" in said
    assert f"on the disk at {small_disk.mounted}" in said
    assert "make room there" in said
    assert report["files"] == []


@pytest.mark.usefixtures("sender")
def test_the_product_never_begins_below_one_gigabyte(small_disk: SmallDisk) -> None:
    said = str(small_disk.record("4m", least_free=1e9)["refused"])
    assert "only 0.00 GB free" in said
    assert "1.00 GB must stay free" in said


def test_it_warns_and_stops_cleanly_before_the_disk_is_full(
    small_disk: SmallDisk, sender: Sender
) -> None:
    report = small_disk.record("640k", least_free=450_000)
    assert f"GB free on the disk at {small_disk.mounted}" in str(report["error"])
    assert report["verified"] is True
    recording = read(small_disk.kept)
    assert recording.damage.sound
    assert recording.damage.closed
    assert demand_equal(sender, small_disk.kept) > 100
    warnings = [m for m in recording.faults() if "GB free on the disk at" in m.to_json()]
    assert len(warnings) == 1


def test_a_full_disk_is_named_within_a_second_and_all_before_is_there(
    small_disk: SmallDisk, sender: Sender, capsys: pytest.CaptureFixture[str]
) -> None:
    report = small_disk.record("160k")
    assert report["error"] == (
        f"cannot write {small_disk.mounted / 'a.xdf'}: the disk at {small_disk.mounted} is full"
    )
    assert report["verified"] is False
    kept = demand_equal(sender, small_disk.kept)
    assert kept > 200
    damage = read(small_disk.kept).damage
    assert not damage.closed
    assert not damage.regions
    assert float(str(report["told_after_s"])) < 1.5  # 1 s, and a busy machine
    assert run(["verify", str(small_disk.kept)]) == 1
    assert "recovered" in capsys.readouterr().out
    found = examine(small_disk.kept)
    assert found is not None
    assert found.gaze_samples == kept


def test_a_disk_that_goes_away_ends_the_recording_with_its_name(
    small_disk: SmallDisk, sender: Sender
) -> None:
    script = (
        "import threading, subprocess, pathlib\n"
        "def gone():\n"
        "    shutil.copy(out, sys.argv[5] + '.before')\n"
        "    subprocess.run(['umount', '-l', str(out.parent)], check=True)\n"
        "    out.parent.joinpath('a.xdf').unlink(missing_ok=True)\n"
        "    shutil.copy = lambda *a: None\n"
        "threading.Timer(2.5, gone).start()\n"
    )
    report = small_disk.record("4m", beforehand=script)
    said = str(report["error"])
    assert said.startswith(f"the disk at {small_disk.mounted} is gone, or ")
    before = small_disk.kept.with_name("kept.xdf.before")
    assert demand_equal(sender, before) > 100


def test_a_slow_disk_delays_nothing_that_is_written(sender: Sender, tmp_path: Path) -> None:
    """One sync in three takes two seconds; samples still reach the file every 40 ms."""
    slow = (
        "import gazecore.recording.writer as w\n"
        "plain, calls = w._sync_data, []\n"
        "def slow(descriptor):\n"
        "    calls.append(1)\n"
        "    time.sleep(2 if len(calls) % 3 == 2 else 0)\n"
        "    plain(descriptor)\n"
        "w._sync_data = slow\n"
    )
    out, kept = tmp_path / "a.xdf", tmp_path / "kept.xdf"
    process = start_script(RECORD, str(out), "0", "0", "5", str(kept), slow)
    status, said, error = outcome_of(process)
    assert (status, error) == (0, "")
    assert json_of(said)["verified"] is True
    assert demand_equal(sender, kept) > 900
    written_s = np.unique(read(kept).streams["FocusStation integrity"].t_sender_s)
    # Headers are synced before a recording counts as begun; closing waits for the sync under way.
    while_recording = written_s[1:-2]
    assert np.diff(while_recording).max() < 1.0  # 0.04 on an idle machine


def test_a_disk_too_full_for_the_headers_leaves_no_file(sender: Sender, tmp_path: Path) -> None:
    del sender
    process = start_recorder(tmp_path / "a.xdf", before_exec=limited_to(100))
    status, _, error = outcome_of(process)
    assert status == 2
    assert error.startswith("focusstation: cannot write")
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_limit_on_the_file_ends_with_a_message_and_a_readable_file(
    sender: Sender, tmp_path: Path
) -> None:
    """The twin of the full disk, for machines where none can be mounted."""
    process = start_recorder(tmp_path / "a.xdf", "--json", before_exec=limited_to(100_000))
    status, out, error = outcome_of(process)
    assert status == 1
    assert error.count("\n") == 1
    assert "cannot write" in error
    assert str(tmp_path / "a.xdf") in error
    assert json.loads(out)["verified"] is False
    assert (tmp_path / "a.xdf").stat().st_size <= 100_000
    assert demand_equal(sender, tmp_path / "a.xdf") > 300


def limited_to(most_bytes: int) -> Callable[[], None]:
    """Limits the size of the files that a child may write."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
