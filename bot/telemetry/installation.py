"""Figures of the whole installation, which any of its programs can tell: the database has them.

What could not be read is not told; the last known figure would look like the present one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from prometheus_client import REGISTRY
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector


@dataclass(frozen=True, slots=True)
class Figures:
    """`jobs` counts by queue and state; `waiting` is the seconds that the oldest job of a queue that could
    begin has waited; `pause` the seconds for which nobody may call the SII's service; `backup` when the last
    good one was made, in seconds since 1970."""

    jobs: Mapping[tuple[str, str], int]
    waiting: Mapping[str, float]
    passages: int
    index_bytes: int
    pause: float
    backup: float | None


class _Installation(Collector):
    def __init__(self) -> None:
        self.up: Mapping[str, bool] = {}
        self.figures: Figures | None = None

    def collect(self) -> Iterable[GaugeMetricFamily]:
        yield _gauge(
            "tributa_dependency_up",
            "Whether a dependency is as it should be (1) or not (0)",
            {(name,): up for name, up in self.up.items()},
            ["dependency"],
        )
        told = self.figures
        if told is None:
            return
        yield _gauge("tributa_queue_jobs", "Jobs in the queue", told.jobs, ["queue", "status"])
        yield _gauge(
            "tributa_queue_oldest_seconds",
            "How long the oldest job that could begin has waited",
            {(name,): age for name, age in told.waiting.items()},
            ["queue"],
        )
        yield _gauge("tributa_index_passages", "Passages in the index (PostgreSQL's estimate)", told.passages)
        yield _gauge("tributa_index_bytes", "What the index of contracts takes on disk", told.index_bytes)
        yield _gauge("tributa_sii_pause_seconds", "How long nobody may call the SII's service", told.pause)
        if told.backup is not None:
            yield _gauge(
                "tributa_backup_timestamp_seconds", "When the last good backup was made", told.backup
            )


def _gauge(
    name: str, help_: str, values: float | Mapping[Any, float], labels: Iterable[str] = ()
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_, labels=list(labels))
    for key, value in (values if isinstance(values, Mapping) else {(): values}).items():
        family.add_metric(list(key), value)
    return family


_INSTALLATION = _Installation()
REGISTRY.register(_INSTALLATION)


def show(up: Mapping[str, bool], figures: Figures | None) -> None:
    """What the next reading tells."""
    _INSTALLATION.up, _INSTALLATION.figures = up, figures
