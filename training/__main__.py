"""``python -m training``: the trainer's command line."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run one command; 2 and one line on stderr where it cannot be done.

    Started with `FOCUSSTATION_TRAINER_FOLDER`, it works in that folder: `python -m` imports from
    the folder it starts in, which must therefore not be the user's.
    """
    try:
        from training.cli import run

        folder = os.environ.get("FOCUSSTATION_TRAINER_FOLDER")
        if folder:
            os.chdir(folder)
        return run()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in {"training", "gazecore"}:
            raise
        sys.stderr.write(
            f"training: {error.name} is missing; pip install 'focusstation[training]'\n"
        )
        return 2


if __name__ == "__main__":
    sys.exit(main())
