"""The rig `hand`: a person presses the key when the terminal asks for it."""

import asyncio
import itertools
from collections.abc import Callable, Sequence

from vigie.bench.protocol import KeyEdge, Unable
from vigie.bench.signal import Signal
from vigie.errors import VigieError
from vigie.lab.traces import Edge

READY_S = 2.0
"""Between the announcement and NOW."""
REACTION_S = 1.0
"""A person is so much later, at most, and so much less exact at the end."""
HOLD_FROM_MS = 1000
TERMINAL = "/dev/tty"


class HandRig:
    """See vigie.bench.protocol.Rig.

    Args:
        say: shows a line to the person.

    Attributes:
        edges: those that the person was asked for.
    """

    abilities = frozenset({"press"})

    def __init__(self, say: Callable[[str], None]):
        self.siren, self.indicator = Signal("siren"), Signal("indicator")
        self.edges: list[KeyEdge] = []
        self._say = say
        self._loop = asyncio.get_running_loop()

    def set_key(self, pressed: int) -> None:
        """Ask for the key to be closed (1) or opened (0) now."""
        self.edges.append((self._loop.time(), pressed))
        self._say("NOW press the key and KEEP it pressed" if pressed else "NOW let go of the key")

    def play(self, edges: Sequence[Edge]) -> float:
        """Ask for these edges; seconds until the last one should be over."""
        self._say(f"get ready to {instruction(edges)} ...")
        self._loop.call_later(READY_S, self._say, "NOW")
        now_s = self._loop.time() + READY_S
        self.edges += [(now_s + t_us / 1e6, level) for t_us, level in edges]
        return READY_S + REACTION_S + (edges[-1][0] / 1e6 if edges else 0.0)

    async def press(self, hold_ms: float = 90.0) -> float:
        """Ask for one press; the time at which it was asked for."""
        length_s = self.play(((0, 1), (round(hold_ms * 1000), 0)))
        asked_s = self._loop.time() + READY_S
        await asyncio.sleep(length_s)
        return asked_s

    def power(self, on: bool) -> None:
        """Nobody is asked to unplug the board."""
        raise Unable("rig", "power")

    def break_flash(self, broken: bool) -> None:
        """No rig of hardware can."""
        raise Unable("rig", "flash faults")

    def close(self) -> None:
        """Nothing is open."""


def instruction(edges: Sequence[Edge]) -> str:
    """What to do, in words, for edges without bounce.

    Raises:
        VigieError: there is nothing to press.
    """
    presses = [
        (up_us - down_us) / 1e6
        for (down_us, level), (up_us, _) in itertools.pairwise(edges)
        if level
    ]
    if not presses:
        raise VigieError("There is nothing to press.", "The edges need a 1 and then a 0.")
    words: list[str] = []
    for held_s in presses:
        word = f"hold for {held_s:.0f} s" if held_s * 1000 >= HOLD_FROM_MS else "click"
        if words and word == "click" and words[-1].startswith("click"):
            times = int(words[-1].split()[1]) + 1 if words[-1] != "click" else 2
            words[-1] = f"click {times} times"
        else:
            words.append(word)
    return ", then ".join(words)
