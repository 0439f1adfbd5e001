"""How alike two runs are. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vigie.bench.parity.happened import KIND, KINDS, LIMIT_MS, Happened, Kind
from vigie.bench.parity.pairing import Paired


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of event: differences in milliseconds, regardless of their sign."""

    kind: Kind
    count: int
    missing: int
    extra: int
    p50_ms: float
    p99_ms: float
    most_ms: float
    bias_ms: float
    """Median with its sign: how much later the board is as a rule."""

    @property
    def same(self) -> bool:
        """Whether every event is there, in the same order, and no other."""
        return not self.missing and not self.extra

    @property
    def is_in_time(self) -> bool:
        """Whether 99 % are within the limit, if there is one."""
        return self.kind.over_air or self.p99_ms <= LIMIT_MS


@dataclass(frozen=True, slots=True)
class Verdict:
    """The table, one figure, and why it is not good enough: nothing if it is."""

    rows: tuple[Row, ...]
    score: float
    """Share of the events of either run that are in both and within the limit, 0 to 1; of those
    of the radio, that are in both."""
    flaws: tuple[str, ...]


def judge(paired: Paired) -> Verdict:
    """The verdict over all pairs."""
    rows = tuple(row for kind in KINDS if (row := _row(kind, paired)))
    within = sum(KIND[p.seen.kind].over_air or abs(p.off_ms) <= LIMIT_MS for p in paired.pairs)
    total = len(paired.pairs) + len(paired.missing) + len(paired.extra)
    flaws = [_lacks("is missing", e) for e in paired.missing]
    flaws += [_lacks("is too much", e) for e in paired.extra]
    flaws += [
        f"{row.kind.name}: p99 is {row.p99_ms:.1f} ms, the limit {LIMIT_MS:.0f} ms; "
        f"the worst: {_worst(paired, row.kind)}"
        for row in rows
        if not row.is_in_time
    ]
    if not paired.pairs:
        flaws.append("no event is in both runs")
    return Verdict(rows, within / total if total else 0.0, tuple(flaws))


def _row(kind: Kind, paired: Paired) -> Row | None:
    off_ms = [p.off_ms for p in paired.pairs if p.seen.kind == kind.name]
    missing = sum(e.kind == kind.name for e in paired.missing)
    extra = sum(e.kind == kind.name for e in paired.extra)
    if not off_ms and not missing and not extra:
        return None
    far_ms = [abs(ms) for ms in off_ms]
    figures = (quantile(far_ms, 0.5), quantile(far_ms, 0.99), max(far_ms, default=0.0))
    return Row(kind, len(off_ms), missing, extra, *figures, quantile(off_ms, 0.5))


def quantile(values: Sequence[float], share: float) -> float:
    """The least value that this share of all does not exceed; 0 of none."""
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _lacks(what: str, event: Happened) -> str:
    return f"{event.kind}: '{event.label}' of '{event.gesture}' {what}"


def _worst(paired: Paired, kind: Kind) -> str:
    of_kind = [p for p in paired.pairs if p.seen.kind == kind.name]
    worst = max(of_kind, key=lambda p: abs(p.off_ms))
    where = f"'{worst.seen.label}' of '{worst.seen.gesture}' in round {worst.seen.turn}"
    return f"{where}, {worst.off_ms:+.1f} ms"
