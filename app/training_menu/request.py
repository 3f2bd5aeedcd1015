"""What to train: a request of the menu, checked and turned into the trainer's arguments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gazecore.errors import InvalidSettingError, MissingPathError

if TYPE_CHECKING:
    from pathlib import Path

Task = Literal["predictor", "pretrain", "compare"]

TASKS: dict[Task, str] = {
    "predictor": "Attention predictor",
    "pretrain": "Pre-train a backbone",
    "compare": "Compare methods",
}
METHODS = ("simclr", "moco", "byol")
ARMS = ("conventional", "area-matched", "focuscontrast")
RUN_NAME = re.compile(r"^[\w][\w .-]{0,63}$")


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A run to start; which fields matter depends on the task.

    Attributes
    ----------
    task : Task
    name : str
        Names the run's folder inside the folder of runs.
    study : Path or None
        Learns from this study's attention maps (predictor).
    data : Path or None
        Labelled images, an .npz file or class folders (pretrain, compare).
    attention : Path or None
        Attention maps of those images; FocusContrast and area-matched views need them.
    methods, arms : tuple of str
        One of each for pretrain.
    epochs, seeds, jobs : int
        `seeds` is the seed for pretrain and predictor, their number for compare.
    """

    task: Task
    name: str
    study: Path | None = None
    data: Path | None = None
    attention: Path | None = None
    methods: tuple[str, ...] = ("simclr",)
    arms: tuple[str, ...] = ("focuscontrast",)
    epochs: int = 10
    seeds: int = 0
    jobs: int = 1

    def check(self, runs: Path) -> None:
        """Refuse what cannot run before a process is started.

        Raises
        ------
        InvalidSettingError, MissingPathError
            What is wrong, in one line.
        """
        if not RUN_NAME.match(self.name):
            raise InvalidSettingError("name", self.name, "letters, digits, spaces, - _ or .")
        if (runs / self.name).exists():
            raise InvalidSettingError("name", self.name, "a name no other run has")
        if self.task == "predictor":
            self._check_study()
            return
        self._check_data()
        if not self.methods or not self.arms:
            raise InvalidSettingError("methods and views", "none", "at least one of each")

    def _check_study(self) -> None:
        if self.study is None:
            raise InvalidSettingError("study", None, "an open study")
        if not any((self.study / "derivatives" / "attention").glob("*.npz")):
            raise MissingPathError(
                self.study / "derivatives" / "attention",
                "attention map (run 'focusstation analyse' on the study first)",
            )

    def _check_data(self) -> None:
        for path, what in ((self.data, "data set"), (self.attention, "file of attention maps")):
            if path is not None and not path.exists():
                raise MissingPathError(path, what)
        if self.data is None:
            raise InvalidSettingError("data", None, "an .npz file or class folders of images")
        needy = [arm for arm in self.arms if arm != "conventional"]
        if needy and self.attention is None:
            raise InvalidSettingError(
                "attention", None, f"a file of attention maps for {' and '.join(needy)} views"
            )

    def arguments(self, runs: Path) -> list[str]:
        """The arguments after ``python -m training``."""
        arguments = [self.task, "--out", str(runs / self.name), "--epochs", str(self.epochs)]
        if self.task == "predictor":
            return [*arguments, "--study", _absolute(self.study), "--seed", str(self.seeds)]
        arguments += ["--data", _absolute(self.data)]
        if self.attention is not None:
            arguments += ["--attention", _absolute(self.attention)]
        if self.task == "pretrain":
            return [
                *arguments,
                *("--method", self.methods[0], "--arm", self.arms[0], "--seed", str(self.seeds)),
            ]
        return [
            *arguments,
            *("--methods", ",".join(self.methods), "--arms", ",".join(self.arms)),
            *("--seeds", str(self.seeds), "--jobs", str(self.jobs)),
        ]


def _absolute(path: Path | None) -> str:
    """A path that means the same in the trainer's folder."""
    return "" if path is None else str(path.absolute())


def free_name(task: Task, runs: Path) -> str:
    """A name no run has yet: ``predictor-1``, ``predictor-2``..."""
    number = 1
    while (runs / f"{task}-{number}").exists():
        number += 1
    return f"{task}-{number}"
