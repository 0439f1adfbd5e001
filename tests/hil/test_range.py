"""How far the radio reaches: a person walks away with the button, and comes back."""

import asyncio

import pytest

from vigie.bench.antennas import Antenna
from vigie.bench.phones import BenchPhone
from vigie.bench.physics.come_back import linked_again
from vigie.bench.physics.hear_walk import hear
from vigie.bench.physics.person import Person
from vigie.bench.physics.results import Results
from vigie.bench.physics.walk import walk
from vigie.bench.protocol import Board
from vigie.phone.events import LinkLost

pytestmark = pytest.mark.needs("hardware", "person")
BACK_WITHIN_S = 60.0


async def test_a_walk_away_and_back_is_heard_at_its_end(
    board: Board,
    antenna: Antenna,
    person: Person,
    results: Results,
) -> None:
    await asyncio.to_thread(person.do, "Hold the button beside this computer")
    walking = asyncio.create_task(
        asyncio.to_thread(person.do, "Stay for 5 s, walk away as far as you like, come back")
    )
    heard, until_s = await hear(antenna, walking)
    found = walk(heard, until_s)
    results.keep("walk", figures=found, heard=heard)
    assert found is not None, "nothing was heard of the button"
    assert until_s - heard[-1].t_s < 3.0, "it was not heard at the end, though it was back"


async def test_a_link_that_was_lost_on_a_walk_comes_back(
    board: Board, phone: BenchPhone, person: Person, results: Results
) -> None:
    await phone.connect()
    since = len(phone.transcript.events)
    await asyncio.to_thread(person.do, "Walk away with the button until you are out of reach")
    await phone.transcript.saw(LinkLost, within_s=30, since=since)
    await asyncio.to_thread(person.do, "Come back to this computer")
    back_s = await linked_again(phone, BACK_WITHIN_S)
    results.keep("link", back_s=back_s, limit=BACK_WITHIN_S)
