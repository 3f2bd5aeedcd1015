"""A process that analyses sessions: ``python -m gazecore.analysis.worker``.

A line of JSON in says which study, session and settings; a line of JSON out, when its files are
in place, what went wrong (null: nothing). It ends when nobody speaks to it any more.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress

from gazecore.analysis.settings import AnalysisSettings
from gazecore.analysis.unit import analyse_recording
from gazecore.errors import FocusStationError


def answer(line: str | bytes) -> str:
    """Do what one line asks; the line that answers."""
    asked = json.loads(line)
    try:
        analyse_recording(
            asked["study"], asked["session_id"], AnalysisSettings(**asked["settings"])
        )
    except FocusStationError as error:
        return json.dumps({"failure": str(error)})
    except OSError as error:
        reason = error.strerror or str(error)
        return json.dumps({"failure": f"its derivatives cannot be written ({reason})"})
    except Exception as error:  # noqa: BLE001 - the worker's door: the others go on
        return json.dumps({"failure": f"its analysis failed ({type(error).__name__}: {error})"})
    return json.dumps({"failure": None})


def main() -> None:
    """Answer lines until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one who asks
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        with suppress(BrokenPipeError):
            for line in sys.stdin:
                out.write(answer(line) + "\n")
                out.flush()


if __name__ == "__main__":
    main()
