"""Prometheus metrics, in a registry of their own. No name, account or text of anybody is in any of them (T44)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.meter import Meter

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_ACK: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_COMMIT: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One value now; `label` is a pair such as ("platform", "slack")."""

    name: str
    help: str
    value: float
    label: tuple[str, str] | None = None


Gauges = Callable[[], Iterable[Gauge]]


class _Now(Collector):
    """Asks for the present values when it is asked itself."""

    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        families: dict[str, GaugeMetricFamily] = {}
        for gauge in self._gauges():
            labels = [gauge.label[0]] if gauge.label is not None else []
            name = f"folkmoot_{gauge.name}"
            family = families.setdefault(name, GaugeMetricFamily(name, gauge.help, labels=labels))
            family.add_metric([gauge.label[1]] if gauge.label is not None else [], gauge.value)
        return families.values()


class Metrics(Meter):
    """Counts what happens, and draws it as Prometheus reads it. Safe to call from any thread."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._ack = Histogram(
            "folkmoot_ack_seconds",
            "From a member's request to its answer",
            ["recorded"],
            buckets=_ACK,
            registry=self._registry,
        )
        self._commit = Histogram(
            "folkmoot_commit_seconds",
            "A group commit of the ledger",
            ["stored"],
            buckets=_COMMIT,
            registry=self._registry,
        )
        self._delivered = self._counter("deliveries", "What arrived")
        self._failed = self._counter("delivery_failures", "Deliveries that failed, to be tried again or parked")
        self._paused = self._counter("delivery_pauses", "How often a place was paused because it kept failing")

    def _counter(self, name: str, what: str) -> Counter:
        return Counter(f"folkmoot_{name}", what, ["platform"], registry=self._registry)

    def watch(self, gauges: Gauges) -> None:
        """Add values that are asked for at each reading."""
        self._registry.register(_Now(gauges))

    def answered(self, seconds: float, *, recorded: bool) -> None:
        self._ack.labels("yes" if recorded else "no").observe(seconds)

    def delivered(self, platform: str) -> None:
        self._delivered.labels(platform).inc()

    def failed(self, platform: str) -> None:
        self._failed.labels(platform).inc()

    def paused(self, platform: str) -> None:
        self._paused.labels(platform).inc()

    def committed(self, seconds: float, *, stored: bool) -> None:
        self._commit.labels("yes" if stored else "no").observe(seconds)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)
