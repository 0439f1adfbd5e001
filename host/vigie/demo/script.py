"""What happens in the demo: presses of a hand, and the pauses between them."""

import random
from dataclasses import dataclass
from pathlib import Path

from vigie.errors import VigieError
from vigie.lab import hands, models, switches, traces
from vigie.lab.traces import Edge

AFTER_CLICKS_S = 8.0
AFTER_HOLD_S = 6.0


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a hand does, and how long the story then goes on before the next.

    Args:
        what: for the reader.
        edges: of the key.
        pause_s: after the last edge.
        reply: a contact answers this many seconds after the last edge; None for nobody.
    """

    what: str
    edges: tuple[Edge, ...]
    pause_s: float
    reply_s: float | None = None


def standard(seed: int) -> list[Act]:
    """One click, two clicks, one hold, and a second hold that silences the siren."""
    rng = random.Random(f"hands {seed}")
    hand, switch = models.hands()["young"], models.switches()["ganssle"]

    def press(label: str) -> tuple[Edge, ...]:
        return tuple(switches.edges(rng, switch, hands.closings(rng, hand, label)))

    return [
        Act("one short click", press("single"), AFTER_CLICKS_S),
        Act("two clicks", press("double"), AFTER_CLICKS_S + 8, reply_s=12.0),
        Act("a hold", press("long"), AFTER_HOLD_S),
        Act("another hold, to silence the siren", press("long"), AFTER_HOLD_S),
    ]


def recorded(file: Path) -> list[Act]:
    """The recordings of a trace file, one after the other.

    Raises:
        VigieError: the file is wrong or holds nothing.
    """
    acts: list[Act] = []
    for trace in traces.read(file):
        name = f"{trace.label} ({trace.id})" if trace.label else trace.id
        acts.append(Act(f"recording {name}", trace.edges, AFTER_CLICKS_S))
    if not any(act.edges for act in acts):
        raise VigieError(f"{file} holds no press.", "Record some presses, or leave --trace away.")
    return acts
