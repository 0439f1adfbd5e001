"""The verdict, for programs and for people."""

from dataclasses import asdict
from typing import Any

from rich.table import Table

from vigie.bench.parity.compare import Comparison
from vigie.bench.parity.free import INTERVAL_MS, PHASES
from vigie.bench.parity.happened import LIMIT_MS
from vigie.bench.parity.score import ENOUGH_FOR_P99, Row, Verdict

FLAWS_SHOWN = 12


def as_json(found: Comparison) -> dict[str, Any]:
    """For programs; times in ms. `score` is of the rows with `judged_by`, the others have none."""
    verdict, pairs = found.verdict, found.paired.pairs
    return {
        "score": round(verdict.score, 4),
        "limit_ms": LIMIT_MS,
        "rounds": found.rounds,
        "drift_ppm": round(found.drift_ppm, 1),
        "rows": [
            {**asdict(row), "same": row.same, "judged_by": row.judged_by} for row in verdict.rows
        ],
        "flaws": list(verdict.flaws),
        "events": [{**asdict(p.seen), "off_ms": round(p.off_ms, 3)} for p in pairs],
    }


def table(verdict: Verdict) -> Table:
    """For people."""
    shown = Table(
        "event", "clock", "since", "count", "same", "p50 ms", "p99 ms", "max ms", "judged by"
    )
    for row in verdict.rows:
        p99 = "-" if row.p99_ms is None else f"{row.p99_ms:.2f}"
        shown.add_row(
            row.kind.name,
            row.kind.clock,
            row.kind.since,
            str(row.count),
            _same(row),
            f"{row.p50_ms:.2f}",
            p99,
            f"{row.most_ms:.2f}",
            row.judged_by or "same",
        )
    return shown


def words(found: Comparison) -> list[str]:
    """What stands below the table."""
    verdict = found.verdict
    lines = [
        f"Score {verdict.score:.1%}: events of either run that are in both, within "
        f"{LIMIT_MS:.0f} ms; of the kinds that are judged by p99, or by the greatest (max) of "
        f"fewer than {ENOUGH_FOR_P99} events."
    ]
    if air := [row for row in verdict.rows if row.kind.over_air]:
        there = sum(row.count for row in air)
        other = sum(row.missing + row.extra for row in air)
        lines.append(
            f"phone and air, not in the score: {there} of {there + other} events are in both "
            f"runs, in the same sequence. Their times have no limit: how far outside the span of "
            f"{PHASES} free runs that began at as many phases of the radio's {INTERVAL_MS:.0f} ms "
            f"connection interval."
        )
    lines.append(f"The board's clock against the host's: {found.drift_ppm:+.0f} ppm.")
    lines += [f"FLAW {flaw}" for flaw in verdict.flaws[:FLAWS_SHOWN]]
    if (more := len(verdict.flaws) - FLAWS_SHOWN) > 0:
        lines.append(f"... and {more} more; --json has them all.")
    return lines


def _same(row: Row) -> str:
    return "yes" if row.same else f"no: -{row.missing} +{row.extra}"
