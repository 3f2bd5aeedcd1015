"""Asking the system to run a process before others, where it grants that.

A tracker or recorder needs little of a processor, but needs it in time: on a machine busy with
other things the kernel was seen to let such a process wait for a second. The station, the trainer
and whatever else runs can wait instead.
"""

from __future__ import annotations

import os
import sys
from typing import Literal

import psutil

Priority = Literal["real-time", "high", "normal"]

_NICE = -10
_LEAST_REAL_TIME = 1


def raise_priority() -> Priority:
    """Raise the priority of the calling thread and of all threads it starts from now on.

    Call first thing in a process, before LSL starts threads of its own. Linux grants real-time
    scheduling to root and where ``RLIMIT_RTPRIO`` allows it (as for sound servers), Windows a
    high priority to everyone; where nothing is granted, nothing changes.

    Returns
    -------
    str
        What was granted.
    """
    if sys.platform == "win32":
        return "high" if _is_nicer(psutil.HIGH_PRIORITY_CLASS) else "normal"
    if sys.platform == "linux" and _is_real_time():
        return "real-time"
    return "high" if _is_nicer(_NICE) else "normal"


def _is_real_time() -> bool:
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(_LEAST_REAL_TIME))
    except OSError:
        return False
    return True


def _is_nicer(value: int) -> bool:
    try:
        psutil.Process().nice(value)
    except (psutil.Error, OSError):
        return False
    return True
