"""Crashes, restarts and failing disks: nothing is lost, and nothing repeated unlabelled."""

import asyncio
import random
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from button.core.wire import HANDED_OVER, SEEN
from vigie.errors import VigieError
from vigie.phone import outbox_file
from vigie.phone.dispatch import Dispatcher
from vigie.phone.gateways import GatewayUnavailable
from vigie.phone.outbox import Outbox
from vigie.phone.patience import Patience
from vigie.phone.position import NoPosition, TrackPosition
from vigie.phone.records import Channel, Message
from vigie.virtual.clock import run

from .world import ANAIS, KARIM, MAMAN, WALK, MakeAlert, World


def test_after_a_crash_what_was_being_sent_is_repeated_and_the_rest_is_sent(
    world: World, alert: MakeAlert
) -> None:
    world.scripts["sms"][ANAIS] = [1e9]
    world.scripts["sms"][KARIM] = [GatewayUnavailable("no network")] * 4
    world.accept(alert(level=1), then_s=0.5)  # ends like a crash: with a send under way
    assert world.states(alert().event_id) == {
        (ANAIS, "sms"): "sending",
        (KARIM, "sms"): "queued",
        (MAMAN, "sms"): "sent",
    }
    world.log.clear()
    world.scripts["sms"] = {}

    async def nothing(dispatcher: Dispatcher) -> None:
        await asyncio.sleep(600)

    world.live(nothing)
    assert world.attempts() == [(0, "sms", ANAIS), (0, "sms", KARIM)]
    assert [m.repeat for _, m in world.log] == [True, False]
    assert world.feedback() == [(0, HANDED_OVER)]


def test_after_a_restart_the_position_that_was_held_is_said_and_is_old(
    world: World, alert: MakeAlert
) -> None:
    world.position = TrackPosition(WALK, 0)
    world.scripts["sms"] = {c: [1e9] for c in (ANAIS, KARIM, MAMAN)}
    world.accept(alert(level=1), then_s=0.5)
    world.position = NoPosition()

    async def nothing(dispatcher: Dispatcher) -> None:
        await asyncio.sleep(1)

    first_life = world.wall_clock

    def second_life(now_s: float) -> datetime:
        return first_life(now_s + 90)

    world.wall_clock = second_life
    world.live(nothing)
    text = world.log[-1][1].text or ""
    assert "Position à 14:00, il y a 1 min : https://maps.google.com/?q=45.00000,14" in text


def test_a_dispatcher_can_run_again_after_it_was_cancelled(world: World, alert: MakeAlert) -> None:
    world.scripts["sms"][ANAIS] = [1e9]

    async def story() -> None:
        dispatcher = world.dispatcher()
        dispatcher.accept(alert(level=1))
        for _ in range(2):
            with suppress(TimeoutError):
                await asyncio.wait_for(dispatcher.run(), 5)

    run(story())
    assert world.attempts()[3:] == [(5, "sms", ANAIS)]
    assert world.log[-1][1].repeat


def test_a_contact_taken_out_of_the_file_gets_nothing_more(world: World, alert: MakeAlert) -> None:
    for contact in (ANAIS, KARIM):
        world.scripts["sms"][contact] = [GatewayUnavailable("no network") for _ in range(9)]
    world.accept(alert(level=1), then_s=0.5)
    world.log.clear()
    world.scripts["sms"] = {}
    world.book = replace(world.book, contacts=world.book.contacts[1:])

    async def nothing(dispatcher: Dispatcher) -> None:
        await asyncio.sleep(600)

    world.live(nothing)
    assert world.attempts() == [(0, "sms", KARIM)]
    (message, *_) = world.outbox.messages(alert().event_id)
    assert message.state == "failed"
    assert message.error == "not among the contacts, addresses and gateways any more"


def test_an_address_taken_out_of_the_file_gets_nothing_more(
    world: World, alert: MakeAlert
) -> None:
    for contact in (ANAIS, KARIM):
        world.scripts["mail"][contact] = [GatewayUnavailable("no network") for _ in range(9)]
    world.accept(alert(level=2), then_s=0.5)
    world.log.clear()
    world.scripts["mail"] = {}
    anais, karim, maman = world.book.contacts
    without = replace(anais, email=None), replace(karim, email="k@example.com"), maman
    world.book = replace(world.book, contacts=without)

    async def nothing(dispatcher: Dispatcher) -> None:
        await asyncio.sleep(600)

    world.live(nothing)
    assert world.log == []
    states = world.states(alert().event_id)
    assert states[ANAIS, "mail"] == states[KARIM, "mail"] == "failed"


class Disk:
    """Opens a database whose disk can stop to take writes, and take them again."""

    def __init__(self) -> None:
        self._db: sqlite3.Connection | None = None

    def connect(self, path: Path) -> sqlite3.Connection:
        self._db = outbox_file.connect(path)
        return self._db

    def takes_writes(self, yes: bool) -> None:
        assert self._db is not None
        self._db.execute(f"PRAGMA query_only = {not yes}")


def test_an_alert_that_cannot_be_held_raises_and_sends_nothing(
    world: World, alert: MakeAlert, tmp_path: Path
) -> None:
    disk = Disk()
    world.outbox = Outbox(tmp_path / "other.db", disk.connect)

    async def story(dispatcher: Dispatcher) -> None:
        disk.takes_writes(False)
        with pytest.raises(VigieError):
            dispatcher.accept(alert())
        await asyncio.sleep(100)
        assert world.log == []
        disk.takes_writes(True)
        assert dispatcher.accept(alert())  # the button sends it again
        await asyncio.sleep(100)

    world.live(story)
    assert len(world.log) == 3
    world.outbox.close()


def test_a_disk_that_fills_after_the_hold_does_not_silence_the_alert(
    world: World, alert: MakeAlert, tmp_path: Path
) -> None:
    disk = Disk()
    world.outbox = Outbox(tmp_path / "other.db", disk.connect)
    world.scripts["sms"][ANAIS] = [GatewayUnavailable("no network")]

    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert(level=1))
        disk.takes_writes(False)
        await asyncio.sleep(100)
        assert world.feedback() == [(1, HANDED_OVER)]
        assert dispatcher.contact_replied(KARIM) == alert().event_id
        assert world.feedback() == [(1, HANDED_OVER), (100, SEEN)]
        disk.takes_writes(True)

    world.live(story)
    assert world.attempts() == [
        *[(0, "sms", ANAIS), (0, "sms", KARIM), (0, "sms", MAMAN)],
        (1, "sms", ANAIS),
    ]
    assert list(world.states(alert().event_id).values()) == ["sent", "seen", "sent"]
    assert world.outbox.told(alert().event_id) == SEEN
    world.outbox.close()


@pytest.mark.parametrize("seed", range(20))
def test_storms_of_crashes_and_faults_lose_nothing_and_repeat_only_with_the_label(
    world: World, alert: MakeAlert, seed: int
) -> None:
    """Cancelled at random, with gateways that fail at random, each message arrives once."""
    chance = random.Random(seed)
    arrived: list[Message] = []

    @dataclass
    class Moody:
        channel: Channel

        async def send(self, message: Message) -> None:
            mood = chance.random()
            if mood < 0.3:
                raise GatewayUnavailable("no network")
            await asyncio.sleep(chance.random())
            arrived.append(message)
            if mood < 0.4:
                raise GatewayUnavailable("broke off", perhaps_sent=True)
            await asyncio.sleep(chance.random())  # a crash in here cannot know

    world.patience = Patience(delays_s=(0.5,) * 200, fix_wait_s=0, next_channel_s=0.5)
    levels = [chance.randint(1, 4) for _ in range(4)]
    channels: tuple[Channel, ...] = ("sms", "call", "mail")

    async def life(last: bool) -> None:
        dispatcher = world.dispatcher([Moody(channel) for channel in channels])
        running = asyncio.create_task(dispatcher.run())
        for seq, level in enumerate(levels):
            if last or chance.random() < 0.5:
                dispatcher.accept(alert(seq, level=level))  # the button repeats until acknowledged
            await asyncio.sleep(chance.random())
        await asyncio.sleep(120 if last else chance.random())
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    for death in range(10):
        run(life(last=death == 9))

    keys = [(m.event_id, m.contact, m.channel) for m in arrived]
    planned = sum(3 if level == 1 else 8 for level in levels)
    assert len(set(keys)) == planned
    for key in set(keys):
        first, *others = (m for m in arrived if (m.event_id, m.contact, m.channel) == key)
        assert all(other.repeat for other in others)
        assert first.attempts >= 1
    for held in world.outbox.alerts():
        assert set(world.states(held.event_id).values()) == {"sent"}
        assert world.outbox.told(held.event_id) == HANDED_OVER
