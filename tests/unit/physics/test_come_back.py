"""A link that comes back after a walk."""

import asyncio
from dataclasses import dataclass, field

import pytest

from vigie.bench.physics.come_back import linked_again
from vigie.phone.events import LinkLost, LinkUp, Transcript


@dataclass
class Phone:
    """A phone that has seen this."""

    connected: bool = False
    transcript: Transcript = field(default_factory=Transcript)


def test_a_link_that_is_there_takes_no_time() -> None:
    assert asyncio.run(linked_again(Phone(connected=True), 5)) == 0.0


def test_a_link_that_comes_up_is_timed_from_when_the_person_was_back() -> None:
    async def main() -> float:
        phone = Phone()
        asyncio.get_running_loop().call_later(0.05, phone.transcript.add, LinkUp(0.0))
        return await linked_again(phone, 5)

    assert 0.05 <= asyncio.run(main()) < 1


def test_a_link_that_came_and_went_on_the_walk_does_not_count() -> None:
    phone = Phone()
    for event in (LinkLost(1.0), LinkUp(2.0), LinkLost(3.0)):
        phone.transcript.add(event)
    with pytest.raises(TimeoutError, match="no LinkUp"):
        asyncio.run(linked_again(phone, 0.01))
