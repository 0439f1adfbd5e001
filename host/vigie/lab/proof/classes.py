"""Hands on worn switches: how often a gesture is decided wrong, and what a shorter wait costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from button.core.clicks import Timing
from vigie.lab import corpus, hands, models
from vigie.lab.detect import detect
from vigie.lab.proof.claim import Claim, Part, run
from vigie.lab.score import Score

HANDS = ("young", "older")
SWITCHES = ("clean", "tact", "ganssle", "worn_25")
GAPS_MS = tuple(range(200, 1001, 20))
WRONG_MOST = 0.001
LATENCY_MOST_MS = 510.0
YOUNG_MOST_MS = 400.0
PRICED = ("young", "older", "gloves", "slow")


@dataclass(frozen=True, slots=True)
class Row:
    """One hand, one switch, one label: what came out."""

    hand: str
    switch: str
    label: str
    n: int
    kinds: dict[str, int]
    single_ms: float | None

    @property
    def wrong(self) -> float:
        """The share that was not exactly the label."""
        return 1 - self.kinds.get(self.label, 0) / self.n


def rows(seed: int, each: int, hands_: Sequence[str], switches_: Sequence[str]) -> list[Row]:
    """The default timing on these hands and switches."""
    return run(_rows, [Part(str(seed), each, (h, s)) for h in hands_ for s in switches_])


def claims(table: Sequence[Row]) -> Iterator[Claim]:
    """Each class of young and older hands on switches that bounce up to 25 ms."""
    shown = [r for r in table if r.hand in HANDS]
    for label in hands.LABELS:
        ours = [r for r in shown if r.label == label]
        n = sum(r.n for r in ours)
        right = sum(r.kinds.get(label, 0) for r in ours)
        worst = max(ours, key=lambda r: r.wrong)
        yield Claim(
            f"{label} by young and older hands",
            f"At most 0.1 % of {label}s are decided otherwise, by each hand on each switch, with "
            "the default timing and up to 25 ms of bounce.",
            n,
            f"{100 * (1 - right / n):.3f} % wrong; most for {worst.hand} on {worst.switch}: "
            f"{100 * worst.wrong:.3f} %",
            worst.wrong <= WRONG_MOST,
        )
    latest_ms = max(r.single_ms or 0 for r in shown)
    yield Claim(
        "a single click's wait",
        "From the last release edge to the decision of a single click it takes at most "
        f"gap_ms + 10 ms = {LATENCY_MOST_MS:.0f} ms.",
        sum(r.n for r in shown if r.label == "single"),
        f"{latest_ms:.1f} ms at most",
        latest_ms <= LATENCY_MOST_MS,
    )


@dataclass(frozen=True, slots=True)
class Price:
    """What a hand's worst class costs at each gap."""

    hand: str
    wrong_by_gap: dict[int, float]

    @property
    def shortest_ms(self) -> int | None:
        """The shortest gap that keeps every class within 0.1 %."""
        good: int | None = None
        for gap_ms in sorted(self.wrong_by_gap, reverse=True):
            if self.wrong_by_gap[gap_ms] > WRONG_MOST:
                break
            good = gap_ms
        return good


def prices(seed: int, each: int) -> list[Price]:
    """The worst class of each hand, at each gap, on a worn switch."""
    return run(_prices, [Part(str(seed), each, hand) for hand in PRICED])


def price_claims(made: Sequence[Price], n: int) -> Iterator[Claim]:
    """What the young hand gains, and what the older must wait."""
    young, older = (next(p for p in made if p.hand == name) for name in HANDS)
    yield Claim(
        "the young hand's shortest wait",
        f"A gap of at most {YOUNG_MOST_MS:.0f} ms keeps every class of the young hand within "
        "0.1 %.",
        n,
        f"gap_ms = {young.shortest_ms}",
        young.shortest_ms is not None and young.shortest_ms <= YOUNG_MOST_MS,
    )
    yield Claim(
        "the older hand's honest price",
        "The default gap of 500 ms keeps every class of the older hand within 0.1 %.",
        n,
        f"it needs gap_ms = {older.shortest_ms}",
        older.shortest_ms is not None and older.shortest_ms <= 500,
    )


def _rows(part: Part) -> list[Row]:
    hand, switch = part.what
    made: list[Row] = []
    for label in hands.LABELS:
        score = _score(part, hand, switch, label, Timing())
        latest = max(score.latencies_ms.get("single", [0.0])) if label == "single" else None
        made.append(Row(hand, switch, label, score.n, score.confusion[label], latest))
    return made


def _prices(part: Part) -> list[Price]:
    pair = models.hands()[part.what], models.switches()["worn_25"]
    worst: dict[int, float] = {}
    for label in ("double", "triple"):  # a lone click and a hold never depend on the gap
        traces = list(corpus.make(*pair, each=part.cases, seed=int(part.seed), labels=[label]))
        for gap_ms in GAPS_MS:
            timing = Timing(gap_ms=gap_ms)
            right = sum([g.kind for g in detect(t.edges, timing)] == [label] for t in traces)
            worst[gap_ms] = max(worst.get(gap_ms, 0.0), 1 - right / part.cases)
    return [Price(part.what, worst)]


def _score(part: Part, hand: str, switch: str, label: str, timing: Timing) -> Score:
    score = Score()
    pair = models.hands()[hand], models.switches()[switch]
    for trace in corpus.make(*pair, each=part.cases, seed=int(part.seed), labels=[label]):
        score.add(trace, detect(trace.edges, timing))
    return score
