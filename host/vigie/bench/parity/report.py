"""The verdict, for programs and for people."""

from dataclasses import asdict
from typing import Any

from rich.table import Table

from vigie.bench.parity.free import INTERVAL_MS, PHASES
from vigie.bench.parity.happened import LIMIT_MS
from vigie.bench.parity.pairing import Paired
from vigie.bench.parity.score import Verdict

FLAWS_SHOWN = 12


def as_json(verdict: Verdict, paired: Paired, facts: dict[str, Any]) -> dict[str, Any]:
    """For programs; times in ms."""
    return {
        "score": round(verdict.score, 4),
        "limit_ms": LIMIT_MS,
        **facts,
        "rows": [{**asdict(row), "same": row.same} for row in verdict.rows],
        "flaws": list(verdict.flaws),
        "events": [{**asdict(p.seen), "off_ms": round(p.off_ms, 3)} for p in paired.pairs],
    }


def table(verdict: Verdict) -> Table:
    """For people."""
    shown = Table("event", "clock", "since", "count", "same", "p50 ms", "p99 ms", "max ms")
    for row in verdict.rows:
        same = "yes" if row.same else f"no: -{row.missing} +{row.extra}"
        times = (f"{ms:.2f}" for ms in (row.p50_ms, row.p99_ms, row.most_ms))
        shown.add_row(row.kind.name, row.kind.clock, row.kind.since, str(row.count), same, *times)
    return shown


def words(verdict: Verdict, drift_ppm: float) -> list[str]:
    """What stands below the table."""
    lines = [f"Score {verdict.score:.1%}: events of either run that are in both, "
             f"within {LIMIT_MS:.0f} ms."]  # fmt: skip
    if any(row.kind.over_air for row in verdict.rows):
        lines.append(
            f"phone and air, without a limit: how far outside the span of {PHASES} free runs that "
            f"began at as many phases of the radio's {INTERVAL_MS:.0f} ms connection interval."
        )
    lines.append(f"The board's clock against the host's: {drift_ppm:+.0f} ppm.")
    lines += [f"FLAW {flaw}" for flaw in verdict.flaws[:FLAWS_SHOWN]]
    if (more := len(verdict.flaws) - FLAWS_SHOWN) > 0:
        lines.append(f"... and {more} more; --json has them all.")
    return lines
