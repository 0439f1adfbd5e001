"""A tremor strikes twice: what the restrike values gain a wearer who has one, and cost another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from button.core.clicks import Timing
from vigie.lab import corpus, hands, models
from vigie.lab.detect import detect
from vigie.lab.proof.claim import Claim, Part, run

GAPS_MS = (80, 100, 120, 140, 160, 180)
PRESSES_MS = (60, 70, 75, 80, 85, 90, 100)
CHOSEN = (140, 85)
"""restrike_gap_ms, restrike_ms: the documented point."""
KEPT_LEAST = 0.97


@dataclass(frozen=True, slots=True)
class Point:
    """Shares decided right with these values: of a tremor's gestures, and of a young hand's."""

    gap_ms: int
    press_ms: int
    tremor: dict[str, float]
    young: dict[str, float]

    @property
    def several_kept(self) -> float:
        """Of the tremor's doubles and triples, the worse kept."""
        return min(self.tremor["double"], self.tremor["triple"])


def points(seed: int, each: int) -> list[Point]:
    """The whole grid, and the values off."""
    grid = [(0, 0), *((g, p) for g in GAPS_MS for p in PRESSES_MS)]
    return run(_points, [Part(str(seed), each, pair) for pair in grid])


def chosen(made: Sequence[Point]) -> Point:
    """The documented point."""
    return next(p for p in made if (p.gap_ms, p.press_ms) == CHOSEN)


def claims(made: Sequence[Point], n: int) -> Iterator[Claim]:
    """What the documented point keeps."""
    point = chosen(made)
    shares = ", ".join(f"{label} {100 * share:.2f} %" for label, share in point.tremor.items())
    young = ", ".join(f"{k} {100 * point.young[k]:.1f} %" for k in ("double", "triple"))
    yield Claim(
        "tremor",
        f"With restrike_gap_ms = {CHOSEN[0]} and restrike_ms = {CHOSEN[1]}, at least 97 % of each "
        "gesture of a hand with tremor are kept.",
        n,
        f"{shares}. The price: a young, quick hand would keep only {young}",
        min(point.tremor.values()) >= KEPT_LEAST,
    )


def _points(part: Part) -> list[Point]:
    gap_ms, press_ms = part.what
    timing = Timing(restrike_gap_ms=gap_ms, restrike_ms=press_ms)
    shares = [_shares(hand, timing, part) for hand in ("tremor", "young")]
    return [Point(gap_ms, press_ms, *shares)]


def _shares(hand: str, timing: Timing, part: Part) -> dict[str, float]:
    kept: dict[str, float] = {}
    for label in hands.LABELS:
        made = corpus.make(models.hands()[hand], models.switches()["ganssle"], each=part.cases,
                           seed=int(part.seed), labels=[label])  # fmt: skip
        right = sum([g.kind for g in detect(t.edges, timing)] == [label] for t in made)
        kept[label] = right / part.cases
    return kept
