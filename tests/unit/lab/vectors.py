"""The recorded cases of tests/vectors/clicks with what they must come to."""

import tomllib
from dataclasses import dataclass

from vigie.lab import traces
from vigie.lab.detect import Gesture
from vigie.lab.traces import Trace
from vigie.paths import ROOT

FOLDER = ROOT / "tests" / "vectors" / "clicks"


@dataclass(frozen=True, slots=True)
class Case:
    """A recording, why it is there, and its gestures with the default timing."""

    trace: Trace
    why: str
    gestures: list[Gesture]


def cases() -> list[Case]:
    expected = tomllib.loads((FOLDER / "cases.toml").read_text(encoding="utf-8"))
    made = [
        Case(trace, entry["why"], [Gesture(*pair) for pair in entry["gestures"]])
        for trace in traces.read(FOLDER / "cases.jsonl")
        for entry in [expected.pop(trace.id)]
    ]
    assert not expected, f"no recording for {list(expected)}"
    return made
