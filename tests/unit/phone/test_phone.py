"""The phone as a whole: one broken part, be it Bluetooth itself, takes no other with it."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from itertools import pairwise

import pytest
from bleak.exc import BleakError

from button.core.wire import FAILED, HANDED_OVER, Ack, Feedback
from vigie.phone import events
from vigie.phone.gateways import GatewayRefused, GatewayUnavailable
from vigie.phone.link import NoBluetooth
from vigie.phone.patience import Patience
from vigie.phone.phone import Phone
from vigie.virtual.clock import run

from .fake_radio import HELLO, FakeRadio
from .world import ANAIS, KARIM, MAMAN, MakeAlert, ScriptedGateway, World

EVERYBODY = (ANAIS, KARIM, MAMAN)


@pytest.fixture
def radio() -> FakeRadio:
    return FakeRadio()


def make_phone(world: World, radio: FakeRadio) -> Phone:
    return Phone(
        radio,
        world.book,
        world.outbox,
        [ScriptedGateway(c, world.log, s) for c, s in world.scripts.items()],
        world.position,
        now=asyncio.get_running_loop().time,
        wall_clock=world.wall_clock,
        patience=world.patience,
    )


def live(
    world: World, radio: FakeRadio, story: Callable[[Phone], Coroutine[None, None, None]]
) -> Phone:
    """Run a phone beside a story until the story ends."""

    async def life() -> Phone:
        phone = make_phone(world, radio)
        running = asyncio.create_task(phone.run())
        await story(phone)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        return phone

    return run(life())


def packed(*messages: Ack | Feedback) -> list[bytes]:
    return [message.pack() for message in messages]


def held_by_an_earlier_run(world: World, alert: MakeAlert) -> None:
    world.scripts["sms"] = {c: [GatewayUnavailable("no network")] * 3 for c in EVERYBODY}
    world.accept(alert(level=1), then_s=0.5)
    world.log.clear()


NO_BLUETOOTH = [
    (BleakError("No Bluetooth adapters found."), "No Bluetooth adapters found."),
    (FileNotFoundError(2, "No such file or directory"), "No such file or directory"),
    (EOFError(), "EOFError"),
]


@pytest.mark.parametrize(("error", "why"), NO_BLUETOOTH)
def test_without_bluetooth_a_phone_that_has_nothing_to_send_ends_and_says_why(
    world: World, radio: FakeRadio, error: Exception, why: str
) -> None:
    radio.searches = [error]

    async def life() -> None:
        await make_phone(world, radio).run()

    with pytest.raises(ExceptionGroup) as caught:
        run(life())
    (no_bluetooth,) = caught.value.exceptions
    assert isinstance(no_bluetooth, NoBluetooth)
    assert why in no_bluetooth.what
    assert "adapter" in no_bluetooth.hint


def test_without_bluetooth_the_messages_of_an_earlier_run_go_out_before_the_phone_ends(
    world: World, alert: MakeAlert, radio: FakeRadio
) -> None:
    held_by_an_earlier_run(world, alert)
    radio.searches = [BleakError("off")] * 9

    async def life() -> None:
        await make_phone(world, radio).run()

    with pytest.raises(ExceptionGroup):
        run(life())
    assert set(world.states(alert().event_id).values()) == {"sent"}
    assert radio.search_times_s == [0, 10]


def test_bluetooth_that_is_switched_on_later_is_found(
    world: World, alert: MakeAlert, radio: FakeRadio
) -> None:
    world.patience = Patience(fix_wait_s=0)  # minutes, not seconds
    held_by_an_earlier_run(world, alert)
    world.scripts["sms"] = {c: [GatewayUnavailable("no network")] * 5 for c in EVERYBODY}
    radio.searches = [BleakError("off")] * 2

    async def story(phone: Phone) -> None:
        await phone.transcript.saw(events.LinkUp, within_s=60)
        await asyncio.sleep(600)

    phone = live(world, radio, story)
    assert [e.why for e in phone.transcript.of(events.NoBluetooth)] == ["off", "off"]
    assert radio.heard == [HELLO, *packed(Feedback(alert().event_id, HANDED_OVER))]


def test_an_unforeseen_error_in_the_link_stops_no_message_and_the_link_comes_back(
    world: World, alert: MakeAlert, radio: FakeRadio
) -> None:
    held_by_an_earlier_run(world, alert)
    radio.connections = [AssertionError("not reached"), OSError(5, "bus is gone")]

    async def story(phone: Phone) -> None:
        await phone.transcript.saw(events.LinkUp, within_s=60)
        await asyncio.sleep(60)

    phone = live(world, radio, story)
    whys = [e.why for e in phone.transcript.of(events.LinkTrouble)]
    assert whys == ["AssertionError: not reached", "bus is gone"]
    assert set(world.states(alert().event_id).values()) == {"sent"}


def test_the_link_waits_longer_each_time_up_to_half_a_minute(
    world: World, radio: FakeRadio
) -> None:
    radio.connections = [RuntimeError("again")] * 8

    async def story(phone: Phone) -> None:
        await phone.transcript.saw(events.LinkUp, within_s=600)

    live(world, radio, story)
    times_s = radio.search_times_s
    assert [b - a for a, b in pairwise(times_s)] == [*[1, 2, 4, 8, 16, 30, 30, 30]]


def test_a_listener_that_fails_keeps_neither_the_acknowledgement_nor_the_messages(
    world: World, alert: MakeAlert, radio: FakeRadio
) -> None:
    faults: list[Exception] = []

    def broken(event: events.Event) -> None:
        raise RuntimeError(f"cannot show {type(event).__name__}")

    async def story(phone: Phone) -> None:
        phone.transcript.hear.append(broken)
        phone.transcript.on_fault = faults.append
        await phone.transcript.saw(events.LinkUp, within_s=5)
        radio.say(alert(level=1))
        await asyncio.sleep(30)

    live(world, radio, story)
    told = Feedback(alert().event_id, HANDED_OVER)
    assert radio.heard == [HELLO, *packed(Ack(alert().event_id), told)]
    assert set(world.states(alert().event_id).values()) == {"sent"}
    assert "cannot show AlertTaken" in map(str, faults)


def test_a_source_of_positions_that_fails_stops_no_alert(
    world: World, alert: MakeAlert, radio: FakeRadio
) -> None:
    class Broken:
        def warm_up(self, now_s: float) -> None:
            raise OSError("no receiver")

        def latest(self, now_s: float) -> None:
            raise ValueError("nonsense from the receiver")

    world.position = Broken()

    async def story(phone: Phone) -> None:
        await phone.transcript.saw(events.LinkUp, within_s=5)
        radio.say(alert(level=1))
        await asyncio.sleep(30)

    live(world, radio, story)
    assert "Position inconnue." in (world.log[0][1].text or "")
    assert radio.heard[-1:] == packed(Feedback(alert().event_id, HANDED_OVER))


def test_the_wearer_hears_once_that_it_was_handed_over_whatever_follows(
    world: World, alert: MakeAlert, radio: FakeRadio
) -> None:
    radio.write_s = 0.1
    world.scripts["call"] = {ANAIS: [0.05], KARIM: [0.12], MAMAN: [0.3]}

    async def story(phone: Phone) -> None:
        await phone.transcript.saw(events.LinkUp, within_s=5)
        radio.say(alert(level=2))
        await asyncio.sleep(30)

    live(world, radio, story)
    told = Feedback(alert().event_id, HANDED_OVER)
    assert radio.heard == [HELLO, *packed(Ack(alert().event_id), told)]


def test_an_outcome_counts_as_told_when_the_button_has_it(
    world: World, alert: MakeAlert, radio: FakeRadio
) -> None:
    async def story(phone: Phone) -> None:
        await phone.transcript.saw(events.LinkUp, within_s=5)
        radio.say(alert(level=1))
        radio.writes = [BleakError("not now"), OSError("not now"), KeyError("not now")]
        await asyncio.sleep(1.5)
        assert set(world.states(alert().event_id).values()) == {"sent"}
        assert world.outbox.told(alert().event_id) is None
        await asyncio.sleep(30)
        assert world.outbox.told(alert().event_id) == HANDED_OVER

    live(world, radio, story)
    assert radio.heard[-1:] == packed(Feedback(alert().event_id, HANDED_OVER))


def test_a_failure_that_was_not_told_yet_is_not_told_once_somebody_is_reached(
    world: World, alert: MakeAlert, radio: FakeRadio
) -> None:
    """Nothing that is untrue by then, though it was true when it became known."""
    world.patience = Patience(fix_wait_s=0)
    world.scripts["sms"] = {c: [GatewayUnavailable("no network")] * 7 for c in EVERYBODY}
    world.scripts["sms"][KARIM] = [GatewayRefused("no such number")]

    async def story(phone: Phone) -> None:
        await phone.transcript.saw(events.LinkUp, within_s=5)
        radio.say(alert(level=1))
        await asyncio.sleep(1)
        radio.connections = [BleakError("out of reach")] * 400
        radio.break_off()
        await asyncio.sleep(60)
        outcome = phone.transcript.of(events.OutcomeChanged)[-1].outcome
        assert outcome.feedback == FAILED
        radio.connections = [BleakError("out of reach")] * 200
        await asyncio.sleep(240)  # two of three have been reached by now

    live(world, radio, story)
    assert len(world.states(alert().event_id)) == 3
    assert radio.heard == [HELLO, *packed(Ack(alert().event_id)), HELLO]
