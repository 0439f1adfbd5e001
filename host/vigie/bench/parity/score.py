"""How alike two runs are. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vigie.bench.parity.happened import KIND, KINDS, LIMIT_MS, Happened, Kind
from vigie.bench.parity.pairing import Paired

ENOUGH_FOR_P99 = 100
"""Of fewer events the nearest rank of p99 is the greatest: that is what it is called then."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of event: differences in milliseconds, regardless of their sign.

    p99_ms: None of fewer than ENOUGH_FOR_P99 events.
    bias_ms: median with its sign: how much later the board is as a rule.
    """

    kind: Kind
    count: int
    missing: int
    extra: int
    p50_ms: float
    p99_ms: float | None
    most_ms: float
    bias_ms: float

    @property
    def same(self) -> bool:
        """Whether every event is there, in the same order, and no other."""
        return not self.missing and not self.extra

    @property
    def judged_by(self) -> str:
        """The figure that must keep the limit: "p99" or "max"; nothing if there is no limit."""
        if self.kind.over_air:
            return ""
        return "max" if self.p99_ms is None else "p99"

    @property
    def judged_ms(self) -> float:
        """That figure."""
        return self.most_ms if self.p99_ms is None else self.p99_ms

    @property
    def is_in_time(self) -> bool:
        """Whether it keeps the limit, if there is one."""
        return not self.judged_by or self.judged_ms <= LIMIT_MS


@dataclass(frozen=True, slots=True)
class Verdict:
    """The table, one figure, and why it is not good enough: nothing if it is.

    score: of the events of either run whose kind has a limit, the share that is in both runs and
        within the limit; 0 to 1.
    """

    rows: tuple[Row, ...]
    score: float
    flaws: tuple[str, ...]


def judge(paired: Paired) -> Verdict:
    """The verdict over all pairs."""
    rows = tuple(row for kind in KINDS if (row := _row(kind, paired)))
    flaws = [_lacks("is missing", e) for e in paired.missing]
    flaws += [_lacks("is too much", e) for e in paired.extra]
    flaws += [
        f"{row.kind.name}: {row.judged_by} is {row.judged_ms:.1f} ms, "
        f"the limit {LIMIT_MS:.0f} ms; the worst: {_worst(paired, row.kind)}"
        for row in rows
        if not row.is_in_time
    ]
    if not paired.pairs:
        flaws.append("no event is in both runs")
    return Verdict(rows, _score(paired), tuple(flaws))


def _score(paired: Paired) -> float:
    off_ms = [p.off_ms for p in paired.pairs if not KIND[p.seen.kind].over_air]
    alone = sum(not KIND[e.kind].over_air for e in (*paired.missing, *paired.extra))
    total = len(off_ms) + alone
    return sum(abs(ms) <= LIMIT_MS for ms in off_ms) / total if total else 0.0


def _row(kind: Kind, paired: Paired) -> Row | None:
    off_ms = [p.off_ms for p in paired.pairs if p.seen.kind == kind.name]
    missing = sum(e.kind == kind.name for e in paired.missing)
    extra = sum(e.kind == kind.name for e in paired.extra)
    if not off_ms and not missing and not extra:
        return None
    far_ms = [abs(ms) for ms in off_ms]
    p99_ms = quantile(far_ms, 0.99) if len(far_ms) >= ENOUGH_FOR_P99 else None
    return Row(
        kind=kind,
        count=len(off_ms),
        missing=missing,
        extra=extra,
        p50_ms=quantile(far_ms, 0.5),
        p99_ms=p99_ms,
        most_ms=max(far_ms, default=0.0),
        bias_ms=quantile(off_ms, 0.5),
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The least value that this share of all does not exceed; 0 of none."""
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _lacks(what: str, event: Happened) -> str:
    return f"{event.kind}: '{event.label}' of '{event.gesture}' in round {event.turn} {what}"


def _worst(paired: Paired, kind: Kind) -> str:
    of_kind = [p for p in paired.pairs if p.seen.kind == kind.name]
    worst = max(of_kind, key=lambda p: abs(p.off_ms))
    where = f"'{worst.seen.label}' of '{worst.seen.gesture}' in round {worst.seen.turn}"
    return f"{where}, {worst.off_ms:+.1f} ms"
