"""A run on some board against free-running virtual ones, judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.bench.parity import free
from vigie.bench.parity.observe import Run, clocks, happened
from vigie.bench.parity.pairing import Paired, pair
from vigie.bench.parity.score import Verdict, judge
from vigie.bench.parity.sequence import Gesture
from vigie.boards.spec import BoardSpec


@dataclass(frozen=True, slots=True)
class Comparison:
    """What it came to; drift_ppm: of the board's clock against the host's."""

    rounds: int
    paired: Paired
    verdict: Verdict
    drift_ppm: float


def compare(
    run: Run,
    spec: BoardSpec,
    sequence: Sequence[Gesture],
    *,
    rounds: int,
    with_phone: bool,
    key_edges: bool = True,
    phases: int = free.PHASES,
) -> Comparison:
    """Play the sequence on free-running boards, and compare.

    Args:
        run: the other board's.
        spec: which board both are.
        sequence: what that run has played.
        rounds: how many times it has.
        with_phone: whether there was a phone.
        key_edges: whether it has recordings of the key.
        phases: of the radio's events; so many free runs.
    """
    references = free.runs(
        spec, sequence, with_phone=with_phone, key_edges=key_edges, phases=phases
    )
    paired = pair([happened(reference) for reference in references], happened(run), rounds)
    return Comparison(rounds, paired, judge(paired), clocks(run).drift * 1e6)
