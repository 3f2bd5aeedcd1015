"""Ask the BIDS validator about an export."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from gazecore.errors import MissingExtraError

VALIDATOR = "bids-validator-deno"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the validator says: "valid", or "invalid: " and the codes of its errors."""

    text: str
    warnings: int

    @property
    def is_valid(self) -> bool:
        """Whether there was no error."""
        return self.text == "valid"


def validate(folder: Path) -> Verdict:
    """Run the validator of BIDS on a data set; offline.

    Raises
    ------
    MissingExtraError
        The validator is not installed.
    """
    beside = Path(sys.executable).parent / VALIDATOR
    program = str(beside) if beside.exists() else shutil.which(VALIDATOR)
    if program is None:
        raise MissingExtraError("checking the export with the BIDS validator", "demo")
    finished = subprocess.run(
        [program, "--format", "json", str(folder)], capture_output=True, text=True, check=False
    )
    return read_verdict(finished.stdout, finished.returncode)


def read_verdict(output: str, status: int) -> Verdict:
    """The verdict in the validator's JSON and exit status."""
    issues = json.loads(output).get("issues", {}).get("issues", []) if output.strip() else []
    errors = sorted({issue["code"] for issue in issues if issue.get("severity") == "error"})
    warnings = sum(issue.get("severity") == "warning" for issue in issues)
    if status == 0 and not errors:
        return Verdict("valid", warnings)
    return Verdict(f"invalid: {', '.join(errors) or f'exit status {status}'}", warnings)
