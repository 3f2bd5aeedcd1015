"""Jobs of a cluster, tried on this machine."""

from __future__ import annotations

from shutil import which
from typing import TYPE_CHECKING

import pytest

from gazecore.analysis import AnalysisSettings, Execution, analyse_study
from gazecore.analysis.cluster import Cluster, failures_of, run_on_cluster
from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from gazecore.study import Study

SETTINGS = AnalysisSettings(robustness=False)
SESSIONS = ["session-0001", "session-0002", "session-0003"]

pytest.importorskip("submitit")


def test_sessions_are_done_one_after_another(study: Study) -> None:
    found = failures_of(str(study.path), ["session-0099", "session-0001"], SETTINGS)
    assert "session-0099" in str(found["session-0099"])
    assert found["session-0001"] is None


def test_jobs_give_the_same_tables(study: Study) -> None:
    here = analyse_study(study, SETTINGS)
    tables = {p: p.read_bytes() for p in study.derivatives.rglob("*.parquet")}
    how = Execution(force=True, cluster=Cluster("local", jobs=2, options=(("timeout_min", "5"),)))
    steps: list[int] = []
    there = analyse_study(study, SETTINGS, progress=lambda *step: steps.append(step[0]), how=how)
    assert (there, there.made, steps[-1]) == (here, 3, 3)
    assert {p: p.read_bytes() for p in tables} == tables
    assert list((study.derivatives / "jobs").glob("*.out"))


def test_cancelled_jobs_end(study: Study) -> None:
    cluster = Cluster("local", jobs=1)
    done: list[str] = []
    assert not run_on_cluster(
        study.path, SESSIONS, SETTINGS, cluster, lambda *said: done.append(said[0]), lambda: True
    )
    assert done == []


@pytest.mark.skipif(which("srun") is not None, reason="this machine is part of a cluster")
def test_a_cluster_that_is_not_here_is_named(study: Study) -> None:
    with pytest.raises(InvalidSettingError, match="cluster is 'slurm'; expected one that is here"):
        run_on_cluster(study.path, SESSIONS, SETTINGS, Cluster("slurm"), lambda *_: None)


@pytest.mark.parametrize(
    ("cluster", "said"),
    [
        (Cluster("moon"), "cluster is 'moon'; expected one of slurm, local"),
        (Cluster("local", options=(("colour", "red"),)), "cluster option"),
        (Cluster("local", options=(("timeout_min", "long"),)), "cluster option"),
    ],
)
def test_what_submitit_does_not_know_is_refused(study: Study, cluster: Cluster, said: str) -> None:
    with pytest.raises(InvalidSettingError, match=said):
        run_on_cluster(study.path, SESSIONS, SETTINGS, cluster, lambda *_: None)
