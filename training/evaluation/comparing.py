"""Many runs side by side: methods x arms x seeds, one thread per run, each resumable.

On few cores one thread per run beats several threads per run by far, so runs are spread over
processes. A comparison that is started again in the same folder does only what is missing.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import queue
import time
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from gazecore.errors import FocusStationError, InvalidSettingError, TrainingError
from training.config import PretrainConfig, to_json
from training.engine.durable import write_json
from training.engine.progress import RunReport
from training.evaluation.paired import best_reference, summarise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.process import BaseProcess
    from multiprocessing.sharedctypes import Synchronized
    from pathlib import Path

    from training.engine.stopping import StopRequest

_POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class ComparePlan:
    """What to compare.

    Attributes
    ----------
    base : PretrainConfig
        Settings common to all runs.
    methods, arms : tuple of str
        Names.
    seeds : int
        Runs per method and arm, with seeds 0, 1, ...: paired over arms and methods.
    data : Path
        Examples.
    attention : Path or None
        Maps for them.
    jobs : int
        Processes.
    """

    base: PretrainConfig
    methods: tuple[str, ...]
    arms: tuple[str, ...]
    seeds: int
    data: Path
    attention: Path | None
    jobs: int

    def files(self) -> tuple[Path, ...]:
        """What the runs learn from."""
        return (self.data,) if self.attention is None else (self.data, self.attention)

    def configs(self) -> list[PretrainConfig]:
        """All runs, seed by seed, so that what is done so far is always paired."""
        return [
            replace(self.base, method=method, arm=arm, seed=seed)
            for seed, method, arm in product(range(self.seeds), self.methods, self.arms)
        ]


def run_name(config: PretrainConfig) -> str:
    """The folder of a run inside its comparison."""
    return f"{config.method}-{config.arm}-{config.seed}"


def compare(plan: ComparePlan, report: RunReport, stop: StopRequest) -> list[dict[str, Any]] | None:
    """Do all runs; results stand in ``results.json`` and ``summary.json``.

    Returns
    -------
    list of dict or None
        One row per run, in the order of `ComparePlan.configs`; None where asked to stop.

    Raises
    ------
    TrainingError
        A run failed, or its process died.
    """
    _remember(plan, report.folder / "config.json")
    configs = plan.configs()
    missing = [c for c in configs if not _result_path(report.folder, c).is_file()]
    report.started(len(configs), resumed_at_step=len(configs) - len(missing))
    if not _work(plan, missing, report, stop, done=len(configs) - len(missing)):
        report.finished(outcome="stopped")
        return None
    results = [json.loads(_result_path(report.folder, c).read_text("utf-8")) for c in configs]
    write_json(report.folder / "results.json", results)
    summary = {
        "schema_version": 1,
        "config": to_json(plan.base),
        "paired": summarise(results),
        "best_reference": {m: best_reference(results, m) for m in plan.methods},
        "simulated": any(r["simulated"] for r in results),
    }
    write_json(report.folder / "summary.json", summary)
    healthy = sum(bool(r["healthy"]) for r in results)
    report.finished({"runs": float(len(results)), "healthy": float(healthy)})
    return results


def _remember(plan: ComparePlan, path: Path) -> None:
    """Note the settings of the runs in this folder; refuse to mix them with others."""
    digests = [hashlib.sha256(p.read_bytes()).hexdigest() for p in plan.files() if p.is_file()]
    settings = {**to_json(plan.base), "data": digests}
    if path.is_file() and json.loads(path.read_text("utf-8")) != settings:
        raise InvalidSettingError(
            "configuration", "changed", "that of the runs in this folder; choose another --out"
        )
    write_json(path, settings)


def _work(
    plan: ComparePlan,
    configs: list[PretrainConfig],
    report: RunReport,
    stop: StopRequest,
    *,
    done: int,
) -> bool:
    """Start worker processes and report what they finish; False where asked to stop."""
    context = multiprocessing.get_context("spawn")
    taken = context.Value("i", 0)
    finished: multiprocessing.Queue[dict[str, Any] | str] = context.Queue()
    job = _Job(plan.data, plan.attention, report.folder, tuple(configs))
    workers = [
        context.Process(target=_worker, args=(job, taken, finished))
        for _ in range(min(plan.jobs, len(configs)))
    ]
    for worker in workers:
        worker.start()
    completed = False
    try:
        completed = _collect(workers, finished, report, stop, range(done, done + len(configs)))
    finally:
        for worker in workers:
            if not completed:
                worker.terminate()
            worker.join()
        finished.close()
        finished.join_thread()
    return completed


def _collect(
    workers: Sequence[BaseProcess],
    finished: multiprocessing.Queue[dict[str, Any] | str],
    report: RunReport,
    stop: StopRequest,
    awaited: range,
) -> bool:
    """Wait for one result per number in `awaited`; False where asked to stop before."""
    for number in awaited:
        result: dict[str, Any] | str | None = None
        while result is None:
            if stop.asked:
                return False
            alive = any(worker.is_alive() for worker in workers)
            try:
                result = finished.get(timeout=_POLL_S)
            except queue.Empty:
                if not alive:
                    raise TrainingError("the processes of the comparison died") from None
        if isinstance(result, str):
            raise TrainingError(result)
        values = {k: float(result[k]) for k in ("top1", "balanced", "feature_std", "healthy")}
        report.step(number + 1, int(result["seed"]), {**values, "seconds": result["seconds"]})
    return True


@dataclass(frozen=True, slots=True)
class _Job:
    """What every worker process gets."""

    data: Path
    attention: Path | None
    folder: Path
    configs: tuple[PretrainConfig, ...]


def _worker(
    job: _Job,
    taken: Synchronized[int],
    finished: multiprocessing.Queue[dict[str, Any] | str],
) -> None:
    """Do runs until there are none left, or until SIGTERM (then the run at hand is saved)."""
    from training.engine.processor import use_threads
    from training.engine.stopping import StopRequest
    from training.evaluation.runs import read_data, run_one

    use_threads(1)
    data = None
    with StopRequest() as stop:
        while not stop.asked:
            with taken.get_lock():
                number, taken.value = taken.value, taken.value + 1
            if number >= len(job.configs):
                return
            config = job.configs[number]
            report = RunReport(job.folder / run_name(config), "pretrain", quiet=True)
            began = time.monotonic()
            try:
                data = data or read_data(job.data, job.attention, size_px=config.size_px)
                result = run_one(config, data, report, stop)
            except FocusStationError as error:
                report.failed(str(error))
                finished.put(f"{run_name(config)}: {error}")
                return
            if result is not None:
                finished.put({**result, "seconds": time.monotonic() - began})


def _result_path(folder: Path, config: PretrainConfig) -> Path:
    return folder / run_name(config) / "result.json"
