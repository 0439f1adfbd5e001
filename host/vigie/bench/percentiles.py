"""Delays, told by their percentiles."""

from collections.abc import Sequence


def percentiles(from_s: Sequence[float], until_s: Sequence[float]) -> dict[str, float]:
    """p50 and p99 of the delays between pairs of moments, in milliseconds."""
    delays = sorted((b - a) * 1000 for a, b in zip(from_s, until_s, strict=True))
    pick = {p: delays[min(len(delays) - 1, round(p / 100 * len(delays)))] for p in (50, 99)}
    return {f"p{p}": round(ms, 1) for p, ms in pick.items()}
