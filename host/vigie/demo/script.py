"""What happens in the demo: presses of a hand, the pauses between them, what the phone does."""

import random
from dataclasses import dataclass
from pathlib import Path

from vigie.errors import VigieError
from vigie.lab import hands, models, switches, traces
from vigie.lab.traces import Edge

AFTER_CLICKS_S = 8.0
AFTER_HOLD_S = 6.0
AFTER_SPEECH_S = 8.0


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a hand does, and how long the story then goes on before the next.

    Args:
        what: for the reader.
        edges: of the key.
        pause_s: after the last edge.
        reply_s: a contact answers this many seconds after the last edge; None for nobody.
        ends_recording: the phone's user ends the recording after the pause.
    """

    what: str
    edges: tuple[Edge, ...]
    pause_s: float
    reply_s: float | None = None
    ends_recording: bool = False


def standard(seed: int, speech_s: float) -> list[Act]:
    """One click, two clicks and somebody who speaks for so long, one hold, and a second one."""
    rng = random.Random(f"hands {seed}")
    hand, switch = models.hands()["young"], models.switches()["ganssle"]

    def press(label: str) -> tuple[Edge, ...]:
        return tuple(switches.edges(rng, switch, hands.closings(rng, hand, label)))

    return [
        Act("one short click", press("single"), AFTER_CLICKS_S),
        Act(
            "two clicks",
            press("double"),
            max(AFTER_CLICKS_S, speech_s) + AFTER_SPEECH_S,
            reply_s=12.0,
            ends_recording=True,
        ),
        Act("a hold", press("long"), AFTER_HOLD_S),
        Act(
            "another hold, to silence the siren",
            press("long"),
            AFTER_HOLD_S,
            ends_recording=True,
        ),
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
