"""Which event of one run is which of another. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from vigie.bench.parity.happened import KIND, Happened


@dataclass(frozen=True, slots=True)
class Pair:
    """An event and when its twin was: one moment, or any between two if the radio has a part."""

    seen: Happened
    least_ms: float
    most_ms: float

    @property
    def off_ms(self) -> float:
        """How much later than its twin, or earlier if negative."""
        t_ms = self.seen.t_ms
        return t_ms - min(max(t_ms, self.least_ms), self.most_ms)


@dataclass(frozen=True, slots=True)
class Paired:
    """What there is in both runs, and what is in one of them alone."""

    pairs: tuple[Pair, ...]
    missing: tuple[Happened, ...]
    extra: tuple[Happened, ...]


_Group = tuple[str, str]
"""Kind and gesture: what has an order that must be the same."""


def pair(
    references: Sequence[Sequence[Happened]], seen: Iterable[Happened], rounds: int
) -> Paired:
    """Pair the events of a run with those of a reference.

    Args:
        references: one round of the sequence, several times, at other phases of the radio's
            events. What the radio has no part in is compared with the first.
        seen: the other run.
        rounds: how many it has played; one in which nothing happened is missing as a whole.
    """
    expected = [_groups(reference) for reference in references]
    turns: dict[int, list[Happened]] = defaultdict(list)
    for event in seen:
        turns[event.turn].append(event)
    pairs: list[Pair] = []
    missing: list[Happened] = []
    extra: list[Happened] = []
    for turn in range(1, rounds + 1):
        there = _groups(turns[turn])
        for group in dict.fromkeys([*expected[0], *there]):
            if turn > 1 and group[0] == "key edge":  # recorded once
                continue
            of_references = [e.get(group, []) for e in expected]
            found = _of_group(of_references, there.get(group, []))
            pairs += found.pairs
            missing += [replace(event, turn=turn) for event in found.missing]
            extra += found.extra
    return Paired(tuple(pairs), tuple(missing), tuple(extra))


def _groups(events: Iterable[Happened]) -> dict[_Group, list[Happened]]:
    groups: dict[_Group, list[Happened]] = defaultdict(list)
    for event in events:
        groups[event.kind, event.gesture].append(event)
    return groups


def _labels(events: Sequence[Happened]) -> list[str]:
    return [e.label for e in events]


def _of_group(references: Sequence[list[Happened]], seen: list[Happened]) -> Paired:
    wanted = _labels(seen)
    same = [r for r in references if _labels(r) == wanted]
    # A run at another phase may have had another order; one that is the same will do.
    chosen = same or [r for r in references if _labels(r) == _labels(references[0])]
    matcher = SequenceMatcher(None, _labels(chosen[0]), wanted, autojunk=False)
    pairs: list[Pair] = []
    missing: list[Happened] = []
    extra: list[Happened] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                pairs.append(_pair(seen[j], [r[i].t_ms for r in chosen]))
        else:
            missing += chosen[0][i1:i2]
            extra += seen[j1:j2]
    return Paired(tuple(pairs), tuple(missing), tuple(extra))


def _pair(seen: Happened, times_ms: Sequence[float]) -> Pair:
    if KIND[seen.kind].over_air:
        return Pair(seen, min(times_ms), max(times_ms))
    return Pair(seen, times_ms[0], times_ms[0])
