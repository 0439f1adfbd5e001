"""What is due when, for one contact on one channel."""

import asyncio
from collections.abc import Callable, Coroutine

from button.core.wire import EventId
from vigie.phone.lane import Lane
from vigie.virtual.clock import run

Event = Callable[[int], EventId]


def served(
    lane: Lane, story: Callable[[], Coroutine[None, None, None]]
) -> list[tuple[float, int]]:
    """When each message came out of the lane, while a story went on."""
    out: list[tuple[float, int]] = []

    async def world() -> None:
        loop = asyncio.get_running_loop()

        async def serve() -> None:
            while True:
                message_id = await lane.next(loop.time)
                out.append((round(loop.time(), 3), message_id))
                lane.drop(message_id)

        serving = asyncio.create_task(serve())
        await story()
        serving.cancel()

    run(world())
    return out


def test_messages_come_when_due(event: Event) -> None:
    lane = Lane()

    async def story() -> None:
        lane.put(2, event(1), 1, 2.0)
        lane.put(4, event(2), 1, 1.0)
        await asyncio.sleep(1.5)
        lane.put(5, event(3), 1, 0.0)
        assert 5 in lane
        await asyncio.sleep(1.5)
        assert 5 not in lane

    assert served(lane, story) == [(1.0, 4), (1.5, 5), (2.0, 2)]


def test_of_those_that_are_due_the_level_counts_and_then_the_newest(event: Event) -> None:
    lane = Lane()

    async def story() -> None:
        for message_id, level in enumerate([1, 2, 4, 2, 1]):
            lane.put(message_id, event(message_id), level, 1.0)
        await asyncio.sleep(5)

    assert [message_id for _, message_id in served(lane, story)] == [2, 3, 1, 4, 0]


def test_the_first_attempt_of_the_newest_goes_before_all_and_of_an_older_one_does_not(
    event: Event,
) -> None:
    lane = Lane()

    async def story() -> None:
        lane.put(1, event(1), 1, 1.0, untried=True)
        lane.put(2, event(2), 4, 1.0)
        lane.put(3, event(3), 1, 1.0, untried=True)
        await asyncio.sleep(5)

    assert [message_id for _, message_id in served(lane, story)] == [3, 2, 1]


def test_a_message_is_overtaken_when_a_newer_and_more_urgent_one_is_due(event: Event) -> None:
    lane = Lane()

    async def story() -> None:
        now = asyncio.get_running_loop().time
        lane.put(5, event(5), 2, 0.0)
        assert await lane.next(now) == 5
        lane.put(4, event(4), 4, 0.0)  # older
        lane.put(6, event(6), 1, 0.0)  # less urgent
        lane.put(7, event(7), 2, 30.0)
        await lane.overtaken(5, now)
        assert now() == 30

    run(story())


def test_a_dropped_message_does_not_come(event: Event) -> None:
    lane = Lane()

    async def story() -> None:
        lane.put(1, event(1), 1, 1.0)
        lane.put(2, event(2), 1, 2.0)
        lane.drop(1)
        lane.drop(9)
        await asyncio.sleep(5)

    assert served(lane, story) == [(2.0, 2)]


def test_release_lets_go_what_waited_for_another_channel_and_nothing_else(event: Event) -> None:
    lane = Lane()

    async def story() -> None:
        lane.put(1, event(1), 1, 50.0, after_other_channel=True)
        lane.put(2, event(1), 1, 60.0)  # to be tried again: not its turn
        lane.put(3, event(2), 1, 70.0, after_other_channel=True)
        await asyncio.sleep(10)
        assert lane.release(event(1), 10.0)
        assert not lane.release(event(1), 20.0)
        await asyncio.sleep(90)

    assert served(lane, story) == [(10.0, 1), (60.0, 2), (70.0, 3)]


def test_release_does_not_put_off_what_is_due_already(event: Event) -> None:
    lane = Lane()
    lane.put(1, event(1), 1, 5.0, after_other_channel=True)
    lane.put(2, event(2), 1, 7.0)
    assert lane.release(event(1), 8.0)

    async def story() -> None:
        await asyncio.sleep(9)

    assert served(lane, story) == [(5.0, 1), (7.0, 2)]
