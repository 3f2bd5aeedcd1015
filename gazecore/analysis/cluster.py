"""The sessions of a study analysed by jobs of a cluster, through submitit (Meta, MIT).

The jobs do what a worker does (`gazecore.analysis.worker`); the study must lie where every node
sees it. What submitit writes of its jobs stays in ``derivatives/jobs``.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gazecore.analysis.unit import failure_of
from gazecore.analysis.workers import worker_environment
from gazecore.errors import InvalidSettingError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from gazecore.analysis.settings import AnalysisSettings

CLUSTERS = ("slurm", "local")
_LOOK_AROUND_S = 0.2
_LAST_WORDS_S = 10.0
_NAME = "focusstation-analyse"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where jobs go.

    Attributes
    ----------
    kind : str
        ``slurm``, or ``local``: processes of this machine, to try it out.
    jobs : int
        Into how many jobs the sessions are dealt.
    options : tuple of (str, str)
        Of submitit's executor, for instance ``timeout_min``, ``mem_gb``, ``slurm_partition``.
    """

    kind: str
    jobs: int = 16
    options: tuple[tuple[str, str], ...] = ()


def run_on_cluster(
    study: Path,
    session_ids: Sequence[str],
    settings: AnalysisSettings,
    cluster: Cluster,
    on_done: Callable[[str, str | None], None],
    cancelled: Callable[[], bool] | None = None,
) -> bool:
    """Analyse the sessions in jobs; False when it was cancelled before the last.

    `on_done` is called with each session of a job that ended, and what went wrong with it.

    Raises
    ------
    MissingExtraError, InvalidSettingError
        submitit is not there; or it does not know that cluster or option.
    """
    parts = [tuple(session_ids[first :: cluster.jobs]) for first in range(cluster.jobs)]
    parts = [part for part in parts if part]
    executor = _executor(study, cluster)
    with _importable():
        same = [str(study.absolute())] * len(parts), [settings] * len(parts)
        jobs = executor.map_array(failures_of, same[0], parts, same[1])
    running = dict(zip(jobs, parts, strict=True))
    try:
        while running:
            if cancelled is not None and cancelled():
                return False
            for job in [job for job in running if job.done()]:
                for session_id, failure in _outcome(job, running.pop(job)).items():
                    on_done(session_id, failure)
            time.sleep(_LOOK_AROUND_S)
    finally:
        _end(running, waits=cluster.kind == "local")
    return True


def _end(jobs: Iterable[Any], *, waits: bool) -> None:
    """Cancel jobs; those of this machine are waited for, so that none is left behind."""
    for job in jobs:
        job.cancel()
    until_s = time.monotonic() + _LAST_WORDS_S
    while waits and time.monotonic() < until_s and not all(job.done() for job in jobs):
        time.sleep(_LOOK_AROUND_S / 4)


def failures_of(
    study: str, session_ids: Sequence[str], settings: AnalysisSettings
) -> dict[str, str | None]:
    """Analyse sessions one after another; what went wrong with each, None: nothing."""
    return {session_id: failure_of(study, session_id, settings) for session_id in session_ids}


def _executor(study: Path, cluster: Cluster) -> Any:
    try:
        import submitit
    except ImportError as error:
        raise MissingExtraError("analysing on a cluster", "cluster") from error
    if cluster.kind not in CLUSTERS:
        raise InvalidSettingError("cluster", cluster.kind, "one of " + ", ".join(CLUSTERS))
    place = study.absolute() / "derivatives" / "jobs"
    try:
        executor = submitit.AutoExecutor(place, cluster=cluster.kind)
    except RuntimeError as error:  # no such cluster reaches this machine
        raise InvalidSettingError("cluster", cluster.kind, f"one that is here ({error})") from error
    options = {name: _value(text) for name, text in cluster.options}
    try:
        executor.update_parameters(name=_NAME, **{"cpus_per_task": 1, **options})
    except (NameError, AssertionError, ValueError) as error:
        raise InvalidSettingError("cluster option", str(error), "options of submitit") from error
    return executor


def _value(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


@contextmanager
def _importable() -> Iterator[None]:
    """Let the jobs, which inherit this environment, find our packages and use one thread each."""
    before = dict(os.environ)
    os.environ.update(worker_environment())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _outcome(job: Any, session_ids: Sequence[str]) -> dict[str, str | None]:
    """What a job says of its sessions; that it died, where it says nothing."""
    from submitit.core.utils import FailedJobError, UncompletedJobError

    try:
        return dict(job.result())
    except (FailedJobError, UncompletedJobError):
        said = f"its job {job.job_id} died; see {job.paths.stderr}, and run the analysis again"
        return dict.fromkeys(session_ids, said)
