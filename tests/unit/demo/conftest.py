"""A story that is played without a terminal."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from vigie.bench.phones import demo_contacts
from vigie.demo import script, story
from vigie.demo.narrate import Narrator
from vigie.demo.script import Act
from vigie.demo.story import Story
from vigie.paths import DEMO
from vigie.phone.contacts import AddressBook
from vigie.phone.track import load_track
from vigie.virtual.acoustics.sounds import Sound
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World

QUIET = Sound(np.zeros(16000), 16000)
_LINE = re.compile(r" *(\d+\.\d{3}) s  (\w+) +(.*)")


@dataclass
class Told:
    story: Story
    text: str

    @property
    def lines(self) -> list[tuple[float, str, str]]:
        """When, who, what."""
        found = (_LINE.fullmatch(line) for line in self.text.splitlines())
        return [(float(m[1]), m[2], m[3].rstrip()) for m in found if m]


Tell = Callable[..., Told]


@pytest.fixture
def tell(world: World, cold_board: VirtualBoard, tmp_path: Path) -> Tell:
    """Plays acts of a hand and returns what was told of them."""

    def play(*acts: Act, book: AddressBook | None = None) -> Told:
        out = io.StringIO()
        track = load_track(DEMO / "korita-zbevnica.gpx")
        book = book or demo_contacts()
        told = story.prepare(world, cold_board, tmp_path, book, track, list(acts), QUIET)
        narrator = Narrator(told, Console(file=out, width=200, highlight=False))
        narrator.begin()
        world.run(story.play(told))
        narrator.end()
        return Told(told, out.getvalue())

    return play


@pytest.fixture
def click() -> Act:
    return script.standard(1, QUIET.seconds)[0]


@pytest.fixture
def double() -> Act:
    """And a contact answers."""
    return script.standard(1, QUIET.seconds)[1]


@pytest.fixture
def hold() -> Act:
    return script.standard(1, QUIET.seconds)[2]
