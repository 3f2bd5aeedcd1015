"""Lab Streaming Layer: its configuration, our streams' descriptions, finding streams.

The product uses LSL's default session and resolves on this machine only, and on the hosts that a
study names: ``FOCUSSTATION_LSL_HOSTS`` (separated by commas). Demo and tests run in a session of
their own, named by ``FOCUSSTATION_LSL_SESSION``. Child processes inherit both.
"""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING

import pylsl

from gazecore.errors import InvalidSettingError, NoStreamError
from gazecore.samples import GAZE_CHANNELS, GAZE_STREAM_NAME, MARKER_STREAM_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SESSION_VARIABLE = "FOCUSSTATION_LSL_SESSION"
HOSTS_VARIABLE = "FOCUSSTATION_LSL_HOSTS"
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")

# In parentheses: LSL puts "session_id=... and" before it, which binds closer than "or".
GAZE_PREDICATE = (
    "(translate(type,'GAZE','gaze')='gaze' or type='ET' "
    "or (starts-with(type,'Eye') and type!='EyeOpenness'))"
)

_CONFIG = """\
[ports]
IPv6 = disable
[multicast]
ResolveScope = machine
[lab]
KnownPeers = {{{peers}}}
SessionID = {session}
[tuning]
MulticastMinRTT = 0.1
UnicastMinRTT = 0.1
MulticastMaxRTT = 0.3
UnicastMaxRTT = 0.3
ContinuousResolveInterval = 0.1
[log]
level = -3
"""


def configure() -> None:
    """Set LSL up for this process; call before any other use of LSL, once.

    Raises
    ------
    InvalidSettingError
        ``FOCUSSTATION_LSL_HOSTS`` holds what is no host.
    """
    pylsl.set_config_content(configuration(os.environ.get(SESSION_VARIABLE, "default"), hosts()))


def configuration(session: str, remote: Sequence[str]) -> str:
    """LSL's configuration: this machine, and by name the hosts whose streams are wanted too.

    The scope stays this machine: only hosts that are named are asked, not a whole network.
    """
    return _CONFIG.format(session=session, peers=", ".join(("127.0.0.1", *remote)))


def hosts() -> tuple[str, ...]:
    """The other machines whose streams this process and its children look for.

    Raises
    ------
    InvalidSettingError
        One is no host.
    """
    return _checked(os.environ.get(HOSTS_VARIABLE, "").split(","))


def name_hosts(remote: Sequence[str]) -> None:
    """Let this process (before `configure`) and its children look on these machines, too.

    Raises
    ------
    InvalidSettingError
        One is no host.
    """
    os.environ[HOSTS_VARIABLE] = ",".join(dict.fromkeys((*hosts(), *_checked(remote))))


def _checked(remote: Sequence[str]) -> tuple[str, ...]:
    named = tuple(host.strip() for host in remote if host.strip())
    for host in named:
        if not _HOST.fullmatch(host):
            expected = "names or addresses (IPv4) of machines, separated by commas"
            raise InvalidSettingError("remote host", host, expected)
    return named


def clock_s() -> float:
    """Now on the LSL clock of this machine, in seconds."""
    return float(pylsl.local_clock())


def gaze_stream_info(
    name: str,
    rate_hz: float,
    source_id: str,
    *,
    simulated: bool,
    details: Mapping[str, str] | None = None,
) -> pylsl.StreamInfo:
    """Describe a gaze outlet with our channels.

    The nominal rate is 0 (irregular), so that no reader "dejitters" it; the true rate stands in
    the description as ``true_rate``, followed by `details`.
    """
    info = pylsl.StreamInfo(
        name or GAZE_STREAM_NAME,
        "Gaze",
        len(GAZE_CHANNELS),
        pylsl.IRREGULAR_RATE,
        "double64",
        source_id,
    )
    description = info.desc()
    description.append_child_value("true_rate", f"{rate_hz:g}")
    description.append_child_value("simulated", "true" if simulated else "false")
    for key, value in {"manufacturer": "FocusStation", **(details or {})}.items():
        description.append_child_value(key, value)
    channels = description.append_child("channels")
    for label, unit in GAZE_CHANNELS:
        channel = channels.append_child("channel")
        channel.append_child_value("label", label)
        channel.append_child_value("unit", unit)
        channel.append_child_value("type", "gaze")
    return info


def marker_stream_info(source_id: str, name: str = MARKER_STREAM_NAME) -> pylsl.StreamInfo:
    """Describe the station's marker outlet: one string channel of JSON, irregular."""
    return pylsl.StreamInfo(name, "Markers", 1, pylsl.IRREGULAR_RATE, "string", source_id)


def resolve_gaze(wait_s: float = 1.0) -> list[pylsl.StreamInfo]:
    """All gaze streams that answer within `wait_s`, ours and foreign."""
    return list(pylsl.resolve_bypred(GAZE_PREDICATE, 0, wait_s))


def named_predicate(names: Sequence[str]) -> str:
    """What LSL finds the streams of these names by, whatever characters they hold."""
    return "(" + " or ".join(f"name={_literal(name)}" for name in names) + ")"


def _literal(text: str) -> str:
    """A text as XPath 1.0 takes it, which knows no escapes."""
    if "'" not in text:
        return f"'{text}'"
    parts = ', "\'", '.join(f"'{part}'" for part in text.split("'"))
    return f"concat({parts})"


def resolve_named(names: Sequence[str], wait_s: float) -> list[pylsl.StreamInfo]:
    """The streams of these names, in that order; waits until all are there.

    Raises
    ------
    NoStreamError
        When one did not appear in time.
    """
    deadline = time.monotonic() + wait_s
    found: list[pylsl.StreamInfo] = []
    for name in names:
        left_s = max(0.2, deadline - time.monotonic())
        infos = pylsl.resolve_bypred(named_predicate([name]), 1, left_s)
        if not infos:
            raise NoStreamError(f"named {name!r}", wait_s)
        found.append(infos[0])
    return found
