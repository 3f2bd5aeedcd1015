"""Tobii's own Python layer over a tracker on the bench, in place of its C extension.

Nothing of Tobii's is held here: the layer is that of the installed wheel (Python 3.10), and only
`tobiiresearch.interop.python3.tobii_research_interop` is ours: ``startup``, ``cleanup``,
``call_function(name, arguments, result_callback)``.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any

from tests.gazecore.devices import fake_tracker as bench

EXTENSION = "tobiiresearch.interop.python3.tobii_research_interop"
_WITHOUT_VALUE = {"subscribe_to", "unsubscribe_from"}


def is_installed() -> bool:
    """Whether the wheel is there for this interpreter."""
    return importlib.util.find_spec("tobii_research") is not None


class FakeExtension(ModuleType):
    """The C extension; `world` is the one its calls go to."""

    def __init__(self) -> None:
        super().__init__(EXTENSION)
        self.world = bench.FakeWorld()

    def startup(self) -> None:
        """Begin."""

    def cleanup(self) -> None:
        """End."""

    def call_function(self, name: str, arguments: tuple[Any, ...], result: Any) -> int:
        """Hand the status and the value to `result`; the call itself succeeds."""
        if name == "terminate":
            result((bench.OK,))
        elif name == "get_sdk_version":
            result((bench.OK, "2.1.0"))
        else:
            status, value = self.world.call(name, arguments)
            result((status,) if name in _WITHOUT_VALUE else (status, value))
        return bench.OK


class RealLayer:
    """The wheel's Python layer, loaded once over a `FakeExtension` and kept out of sys.modules."""

    def __init__(self) -> None:
        self.extension = FakeExtension()
        before = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_tobii(name)}
        sys.modules[EXTENSION] = self.extension
        try:
            self.sdk = importlib.import_module("tobii_research")
        finally:
            for name in [name for name in sys.modules if _is_tobii(name)]:
                del sys.modules[name]
            sys.modules.update(before)


def _is_tobii(name: str) -> bool:
    return name.partition(".")[0] in {"tobii_research", "tobiiresearch"}
