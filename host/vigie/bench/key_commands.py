"""What a person types to have a rig press the key: words to commands to edges. Pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from vigie.errors import VigieError
from vigie.lab import hands, models, switches
from vigie.lab.models import Hand, Switch
from vigie.lab.traces import END_MOST_US, Edge

HELP = """\
single | double | triple | long [HAND [SWITCH]]   a model hand presses: young on tact by default
press MS        press for so long, without any bounce
down, up        close the key, open it
wait MS         do nothing for so long, then go on with the next command
play FILE       play the recordings of a trace file, one after the other
help            this
Commands are done one after the other without a pause: a script puts wait between
them. Hands and switches: host/vigie/lab/data/."""

MOST_MS = END_MOST_US / 1000
DEFAULT_HAND = "young"
DEFAULT_SWITCH = "tact"


@dataclass(frozen=True, slots=True)
class Gesture:
    """A model hand does what it does when it means `label`, on a model switch."""

    label: str
    hand: Hand
    switch: Switch


@dataclass(frozen=True, slots=True)
class Press:
    """Press for `hold_ms`, without bounce."""

    hold_ms: float


@dataclass(frozen=True, slots=True)
class Level:
    """Close (1) or open (0) the key and leave it so."""

    pressed: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for `ms`."""

    ms: float


@dataclass(frozen=True, slots=True)
class Play:
    """Play the recordings of a file."""

    file: Path


@dataclass(frozen=True, slots=True)
class Help:
    """Say which commands there are."""


Command = Gesture | Press | Level | Wait | Play | Help


def parse(line: str) -> Command | None:
    """The command of a line; None for an empty one or a comment that begins with #.

    Raises:
        VigieError: it is none.
    """
    words = line.split()
    if not words or words[0].startswith("#"):
        return None
    word, rest = words[0], words[1:]
    if word in hands.LABELS:
        return _gesture(word, rest)
    if word in ("press", "wait"):
        ms = _ms(word, rest)
        return Press(ms) if word == "press" else Wait(ms)
    if word == "play":
        if not rest:
            raise VigieError("play needs a trace file.", "Type: play FILE.")
        return Play(Path(line.split(maxsplit=1)[1].strip()).expanduser())
    if word not in ("down", "up", "help"):
        raise VigieError(f"There is no command {_short(word)}.", "Type help.")
    if rest:
        raise VigieError(f"{word} takes nothing after it.", "Type help.")
    return Help() if word == "help" else Level(int(word == "down"))


def edges(command: Gesture | Press, rng: random.Random) -> Sequence[Edge]:
    """What the key does, from a moment on; it ends open."""
    if isinstance(command, Press):
        return ((0, 1), (round(command.hold_ms * 1000), 0))
    closings = hands.closings(rng, command.hand, command.label)
    return tuple(switches.edges(rng, command.switch, closings))


def _gesture(label: str, rest: Sequence[str]) -> Gesture:
    if len(rest) > 2:
        raise VigieError(f"{label} takes a hand and a switch, no more.", "Type help.")
    hand, switch, *_ = *rest, *(DEFAULT_HAND, DEFAULT_SWITCH)[len(rest) :]
    return Gesture(
        label, _known("hand", hand, models.hands()), _known("switch", switch, models.switches())
    )


_Model = TypeVar("_Model")


def _known(kind: str, name: str, there: Mapping[str, _Model]) -> _Model:
    if name not in there:
        raise VigieError(f"There is no {kind} {_short(name)}.", f"There are: {', '.join(there)}.")
    return there[name]


def _ms(word: str, rest: Sequence[str]) -> float:
    try:
        (text,) = rest
        ms = float(text)
    except ValueError:
        raise VigieError(f"{word} needs a number of milliseconds.",
                         f"For example: {word} 90.") from None  # fmt: skip
    if not 0.001 <= ms <= MOST_MS:  # also refuses what is no number at all
        raise VigieError(f"{_short(text)} ms cannot be.", "Up to an hour is possible.")
    return ms


def _short(word: str) -> str:
    return repr(word if len(word) <= 40 else word[:40] + "...")
