"""A phone with scripted contacts and ways out, on a virtual clock."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from button.core.wire import Alert, EventId
from vigie.phone.contacts import AddressBook
from vigie.phone.dispatch import Dispatcher
from vigie.phone.gateways import Gateway
from vigie.phone.outbox import Outbox
from vigie.phone.outcome import Outcome
from vigie.phone.patience import Patience
from vigie.phone.position import NoPosition, PositionSource
from vigie.phone.records import Channel, Message
from vigie.phone.track import Fix, Track
from vigie.virtual.clock import run

MakeAlert = Callable[..., Alert]
WallClock = Callable[[float], datetime]

ANAIS, KARIM, MAMAN = "+33199001234", "+33261910042", "+33353010017"
PATIENCE = Patience(delays_s=(1, 2, 4), fix_wait_s=0)

WALK = Track(tuple(Fix(float(t), 45 + t / 1e4, 14.0, 5.0) for t in range(1000)), False)
"""Northwards from 45 degrees, a ten-thousandth of a degree each second."""

Step = Exception | float


@dataclass
class ScriptedGateway:
    """Does what its script says for a contact: raise, or wait so many seconds; then it takes."""

    channel: Channel
    log: list[tuple[float, Message]]
    script: dict[str, list[Step]] = field(default_factory=dict[str, list[Step]])

    async def send(self, message: Message) -> None:
        self.log.append((asyncio.get_running_loop().time(), message))
        steps = self.script.get(message.contact, [])
        step = steps.pop(0) if steps else 0.0
        if isinstance(step, Exception):
            raise step
        await asyncio.sleep(step)


class World:
    """A phone with scripted ways out. `log` has each attempt with its time.

    Attributes:
        button_hears: whether the button is there to be told of outcomes.
    """

    def __init__(self, outbox: Outbox, book: AddressBook, wall_clock: WallClock):
        self.outbox = outbox
        self.book = book
        self.wall_clock = wall_clock
        self.position: PositionSource = NoPosition()
        self.patience = PATIENCE
        self.button_hears = True
        self.log: list[tuple[float, Message]] = []
        self.outcomes: list[tuple[float, Outcome]] = []
        self.scripts: dict[Channel, dict[str, list[Step]]] = {"sms": {}, "call": {}, "mail": {}}

    def dispatcher(self, gateways: Sequence[Gateway] | None = None) -> Dispatcher:
        loop = asyncio.get_running_loop()
        if gateways is None:
            gateways = [ScriptedGateway(c, self.log, s) for c, s in self.scripts.items()]

        def on_outcome(outcome: Outcome) -> None:
            self.outcomes.append((loop.time(), outcome))
            if self.button_hears and outcome.feedback is not None:
                dispatcher.wearer_told(outcome.event_id, outcome.feedback)

        dispatcher = Dispatcher(
            self.outbox,
            self.book,
            gateways,
            self.position,
            now=loop.time,
            wall_clock=self.wall_clock,
            on_outcome=on_outcome,
            patience=self.patience,
        )
        return dispatcher

    def live(self, story: Callable[[Dispatcher], Coroutine[None, None, None]]) -> None:
        """Run a dispatcher beside a story, until the story ends."""

        async def world() -> None:
            dispatcher = self.dispatcher()
            running = asyncio.create_task(dispatcher.run())
            await story(dispatcher)
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

        run(world())

    def accept(self, alert: Alert, then_s: float = 600) -> None:
        """Take in an alert and wait."""

        async def story(dispatcher: Dispatcher) -> None:
            assert dispatcher.accept(alert)
            await asyncio.sleep(then_s)

        self.live(story)

    def attempts(self) -> list[tuple[float, str, str]]:
        return [(round(at_s, 3), m.channel, m.contact) for at_s, m in self.log]

    def feedback(self) -> list[tuple[float, int]]:
        """When the wearer was told what."""
        told: list[tuple[float, int]] = []
        for at_s, outcome in self.outcomes:
            if outcome.feedback is not None and (not told or told[-1][1] != outcome.feedback):
                told.append((round(at_s, 3), outcome.feedback))
        return told

    def states(self, event_id: EventId) -> dict[tuple[str, str], str]:
        return {(m.contact, m.channel): m.state for m in self.outbox.messages(event_id)}
