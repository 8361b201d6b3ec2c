"""A thing beside its yardstick: bursts in turn, medians of the ratios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from benchmarks.client import Burst, MakeRequest, burst, get
from benchmarks.servers import Server

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Thing:
    """What is asked for, on how many connections; one maker of requests for each of them."""

    server: Server
    requests: Sequence[MakeRequest]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Effort:
    """How long it is measured: rounds of one burst of the yardstick and one of the thing."""

    rounds: int
    seconds: float
    """Of each burst."""
    fewest: int
    """Answers in a burst, however long they take."""

    def __str__(self) -> str:
        return f"{self.rounds} × {self.seconds} s"


FULL = Effort(rounds=5, seconds=0.4, fewest=8)
QUICK = Effort(rounds=2, seconds=0.15, fewest=4)


def effort(quick: bool) -> Effort:
    return QUICK if quick else FULL


@dataclass(frozen=True, slots=True)
class Comparison:
    """Medians over the rounds; ratios are those of one round. Times in seconds."""

    rate: float
    rate_ratio: float
    cpu_ratio: float
    cpu: float
    p50: float
    p50_ratio: float
    p99: float
    ceiling: float
    """Answers a second at which the client alone would have filled a processor."""
    size: float
    """Bytes of an answer, head and all."""

    @property
    def values(self) -> dict[str, float]:
        return asdict(self)


def same(request: bytes, connections: int = CONNECTIONS) -> list[MakeRequest]:
    """Every connection asks the same again and again."""
    return [lambda: request] * connections


def beside_hello(thing: Thing, yardstick: Server, effort: Effort) -> Comparison:
    """Measure the thing in turn with Y, which is asked on as many connections."""
    return compare(thing, Thing(yardstick, same(get("/"), len(thing.requests))), effort)


def compare(thing: Thing, other: Thing, effort: Effort) -> Comparison:
    """Measure the thing in turn with another one; ratios are those to that one."""
    for each in (thing, other):
        _measured(each, Effort(1, 0.0, 2 * len(each.requests)))  # all workers warm
    rounds = [(_measured(other, effort), _measured(thing, effort)) for _ in range(effort.rounds)]
    bursts = [of_thing.burst for _other, of_thing in rounds]

    def over(value: Callable[[Any], float]) -> float:
        return median(value(each) for each in rounds)

    return Comparison(
        rate=median(each.rate for each in bursts),
        rate_ratio=over(lambda pair: pair[1].burst.rate / pair[0].burst.rate),
        cpu_ratio=over(lambda pair: pair[1].cpu / pair[0].cpu),
        cpu=over(lambda pair: pair[1].cpu),
        p50=median(each.percentile(0.5) for each in bursts),
        p50_ratio=over(lambda p: p[1].burst.percentile(0.5) / p[0].burst.percentile(0.5)),
        p99=_all(bursts).percentile(0.99),
        ceiling=median(each.answers / each.client_seconds for each in bursts),
        size=median(each.received / each.answers for each in bursts),
    )


@dataclass(frozen=True, slots=True)
class _Measured:
    burst: Burst
    cpu: float
    """Of the whole server, seconds an answer."""


def _measured(thing: Thing, effort: Effort) -> _Measured:
    before = thing.server.cpu_seconds()
    told = burst(thing.server.port, thing.requests, effort.seconds, thing.status, effort.fewest)
    return _Measured(told, max(thing.server.cpu_seconds() - before, 1e-6) / told.answers)


def _all(bursts: Sequence[Burst]) -> Burst:
    return Burst(latencies=[latency for each in bursts for latency in each.latencies])
