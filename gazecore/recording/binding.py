"""Binds an inlet to one outlet, so that LSL can reconnect to it but never to another.

LSL's recovery is needed: only an inlet with recovery still hands out what had arrived when its
outlet died. But recovery looks for *any* outlet with the same name, type, source and channels,
and takes an impostor or a successor for the lost one without a word. It searches by an XPath
query put together from the fields of the description that the inlet was made with, while the
connection itself names the outlet's uid. So the inlet is made with a description whose fields
say one thing: this uid. A broken connection to the living outlet heals; a dead outlet stays dead.
"""

from __future__ import annotations

import ctypes
import re
import socket
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pylsl
from pylsl.lib import lib

from gazecore import lsl
from gazecore.recording.liveness import Liveness, Outlet

if TYPE_CHECKING:
    from collections.abc import Iterator

_UID = re.compile(r"[0-9A-Za-z-]+")
_HERE = "127.0.0.1"

_from_xml = lib.lsl_streaminfo_from_xml
_from_xml.restype = ctypes.c_void_p
_from_xml.argtypes = [ctypes.c_char_p]


def find_outlet(info: pylsl.StreamInfo) -> Outlet | None:
    """Where the outlet of a resolved stream answers; None where that cannot be found out.

    LSL keeps the address to itself: tried are this machine, what the host's name stands for, and
    the hosts that were named to be looked on.
    """
    described = ElementTree.fromstring(info.as_xml())
    ports = [int(described.findtext(f"v4{kind}_port") or 0) for kind in ("data", "service")]
    uid = info.uid()
    if not all(ports) or not _UID.fullmatch(uid):
        return None
    for host in _addresses(info.hostname()):
        outlet = Outlet(host, ports[0], ports[1], uid)
        if outlet.probe() is Liveness.ALIVE:
            return outlet
    return None


def bound_info(info: pylsl.StreamInfo, outlet: Outlet) -> pylsl.StreamInfo:
    """The description to make an inlet with that only ever serves `outlet`."""
    described = ElementTree.fromstring(info.as_xml())
    fields = {child.tag: child.text or "" for child in described if child.tag != "desc"}
    fields |= {
        "name": "bound",
        "type": "",
        "source_id": f"-' or uid='{outlet.uid}",
        "v4address": outlet.host,
        "v4data_port": str(outlet.tcp_port),
    }
    root = ElementTree.Element("info")
    for tag, text in fields.items():
        ElementTree.SubElement(root, tag).text = text
    return pylsl.StreamInfo(handle=_from_xml(ElementTree.tostring(root, encoding="utf-8")))


def _addresses(hostname: str) -> Iterator[str]:
    yield _HERE
    if hostname == socket.gethostname():
        return
    for host in (hostname, *lsl.hosts()):
        try:
            found = socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)
        except OSError:
            continue
        yield from dict.fromkeys(str(entry[4][0]) for entry in found)
