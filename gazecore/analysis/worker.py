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
from gazecore.analysis.unit import failure_of


def answer(line: str | bytes) -> str:
    """Do what one line asks; the line that answers."""
    asked = json.loads(line)
    settings = AnalysisSettings(**asked["settings"])
    return json.dumps({"failure": failure_of(asked["study"], asked["session_id"], settings)})


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
