"""A higher priority is taken where it is granted; a refusal changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from gazecore.processes import child_environment

ASK = """
import os, threading
from gazecore.priority import raise_priority
if {as_nobody}:
    os.setuid(65534)
given = raise_priority()
seen = {{}}
def look():
    seen.update(policy=os.sched_getscheduler(0), nice=os.getpriority(os.PRIO_PROCESS, 0))
thread = threading.Thread(target=look)
thread.start()
thread.join()
print(given, seen["policy"] == os.SCHED_RR, seen["nice"])
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux's scheduler")


def ask(*, as_nobody: bool = False) -> list[str]:
    """Ask in a process of its own, whose tests must not run before others."""
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(as_nobody=as_nobody)],
        capture_output=True,
        text=True,
        check=True,
        env=child_environment(),
    )
    return done.stdout.split()


def test_threads_started_later_have_what_was_granted() -> None:
    given, is_real_time, nice = ask()
    assert given in {"real-time", "high", "normal"}
    assert (given == "real-time") == (is_real_time == "True")
    assert (given == "high") == (nice == "-10")


def test_a_refusal_changes_nothing() -> None:
    """Without the privilege, as most users are."""
    try:
        given = ask(as_nobody=True)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"cannot become another user here: {error.stderr.splitlines()[-1]}")
    # The tests themselves may run behind other programs.
    assert given == ["normal", "False", str(os.getpriority(os.PRIO_PROCESS, 0))]
