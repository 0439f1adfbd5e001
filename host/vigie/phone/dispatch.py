"""From a held alert to messages on their way, until each is taken or given up."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from button.core.gestures import DEFAULT_ACTIONS, SMS
from button.core.wire import AGE_MAX_MS, AGE_UNKNOWN, BATTERY_UNKNOWN_MV, Alert, EventId
from vigie.phone.attempt import attempt
from vigie.phone.compose import compose
from vigie.phone.contacts import AddressBook
from vigie.phone.gateways import Gateway
from vigie.phone.lane import Lane
from vigie.phone.ledger import Ledger
from vigie.phone.outbox import Outbox
from vigie.phone.outcome import Outcome, judge
from vigie.phone.patience import Patience
from vigie.phone.plan import plan
from vigie.phone.position import PositionSource
from vigie.phone.records import ACCEPTED, CHANNELS, Channel, HeldAlert, Message, Place
from vigie.phone.texts import FRESH_S


class Dispatcher:
    """Takes alerts in, sends their messages, and says how far each alert has come.

    One task for each contact and channel, all inside `run`: SMS go to all contacts at once, and
    no contact, channel or gateway waits for another. Cancelling `run` is safe at any moment, and
    so is a crash: the next run takes up what was left.

    Args:
        outbox: where alerts are held; the caller closes it.
        book: the wearer and the contacts.
        gateways: one a channel; SMS must be among them, a channel without gateway is not used.
        position: where the phone is.
        now: seconds of the loop's clock.
        wall_clock: the aware date and time at a time of that clock.
        on_outcome: called with every change of an alert's outcome, and again after a restart for
            what was not told before. Must not raise.
        patience: how long to wait for what.
        actions: what to do at each level, the index, as in `button.core.gestures`.
    """

    def __init__(
        self,
        outbox: Outbox,
        book: AddressBook,
        gateways: Sequence[Gateway],
        position: PositionSource,
        *,
        now: Callable[[], float],
        wall_clock: Callable[[float], datetime],
        on_outcome: Callable[[Outcome], None],
        patience: Patience | None = None,
        actions: Sequence[int] = DEFAULT_ACTIONS,
    ):
        self._gateways: dict[Channel, Gateway] = {gateway.channel: gateway for gateway in gateways}
        if "sms" not in self._gateways or len(self._gateways) != len(gateways):
            raise ValueError("one gateway a channel, and one for SMS")
        if not all(action & SMS for action in actions[1:]):
            raise ValueError("every level sends SMS: what the wearer is told depends on them")
        self._outbox = outbox
        self._ledger = Ledger(outbox)
        self._book = book
        self._position = position
        self._now = now
        self._wall_clock = wall_clock
        self._on_outcome = on_outcome
        self._patience = patience or Patience()
        self._actions = actions
        self._said: dict[EventId, Outcome] = {}
        self._running = False
        self._lanes: dict[tuple[str, Channel], Lane] = {
            (contact.phone, channel): Lane()
            for channel in CHANNELS
            if channel in self._gateways
            for contact in book.contacts
        }

    def accept(self, alert: Alert) -> bool:
        """Hold an alert. When this returns, the button may be told to forget it.

        Returns:
            Whether it is new; False for one that is held already, which changes nothing.

        Raises:
            VigieError: it is not held. The button must keep it and send it again.
        """
        now_s = self._now()
        place = self._place(now_s)
        received_ms = self._wall_ms(now_s)
        is_fresh = place is not None and received_ms - place.at_ms <= FRESH_S * 1000
        if not is_fresh:
            self._position.warm_up(now_s)
        held = HeldAlert(
            alert.event_id,
            alert.kind,
            alert.level,
            received_ms - alert.age_ms,
            bool(alert.flags & AGE_UNKNOWN) or alert.age_ms >= AGE_MAX_MS,
            received_ms,
            None if alert.battery_mv == BATTERY_UNKNOWN_MV else alert.battery_mv,
            place,
        )
        drafts = plan(self._book.contacts, self._actions[alert.level], self._gateways)
        is_new = self._outbox.hold(held, drafts)
        start_s = now_s if is_fresh else now_s + self._patience.fix_wait_s
        for message in self._ledger.messages(alert.event_id):
            self._enqueue(message, start_s)
        return is_new

    async def run(self) -> None:
        """Take up what an earlier run left, then send what is due, for ever.

        Raises:
            VigieError: in an exception group, when the outbox cannot even be read any more.
        """
        if self._running:
            raise RuntimeError("two runs would send everything twice")
        self._running = True
        try:
            self._resume()
            async with asyncio.TaskGroup() as tasks:
                for (_, channel), lane in self._lanes.items():
                    tasks.create_task(self._serve(lane, self._gateways[channel]))
        finally:
            self._running = False
            self._ledger.flush()

    def contact_replied(self, phone: str) -> EventId | None:
        """A contact has written or called back.

        Args:
            phone: the contact's number as in the contacts file, in E.164 form.

        Returns:
            The newest alert of which a message may have reached them: it counts as seen. None if
            there is none.
        """
        messages = self._ledger.messages_to(phone)
        arrived = [message for message in messages if message.state in ACCEPTED]
        arrived = arrived or [message for message in messages if message.repeat]
        if not arrived:
            return None
        event_id = arrived[-1].event_id
        for message in arrived:
            if message.event_id == event_id and message.state != "seen":
                self._save(replace(message, state="seen", error=None))
        self._report(event_id)
        return event_id

    def outcome(self, event_id: EventId) -> Outcome | None:
        """How far an alert has come; None when it is not held."""
        alert = self._outbox.alert(event_id)
        if alert is None:
            return None
        waited_ms = self._wall_ms(self._now()) - alert.received_at_ms
        tell_failed_ms = round(self._patience.tell_failed_s * 1000)
        return judge(event_id, self._ledger.messages(event_id), waited_ms, tell_failed_ms)

    def _resume(self) -> None:
        self._ledger.recover()
        now_s = self._now()
        for message in self._ledger.open_messages():
            if not self._enqueue(message, now_s):
                # The wearer took the contact away, perhaps for a reason: no position for them.
                reason = "not among the contacts and gateways any more"
                self._save(replace(message, state="failed", error=reason))
        for alert in self._outbox.alerts():
            outcome = self.outcome(alert.event_id)
            if outcome and outcome.feedback not in (None, self._ledger.told(alert.event_id)):
                self._report(alert.event_id)

    def _enqueue(self, message: Message, start_s: float) -> bool:
        """SMS at once, an untried call or mail when its turn has come. False: there is no lane."""
        lane = self._lanes.get((message.contact, message.channel))
        if lane and message.state == "queued" and message.id not in lane:
            wait_s = 0.0
            if message.attempts == 0:
                wait_s = CHANNELS.index(message.channel) * self._patience.next_channel_s
            lane.put(message.id, message.event_id, start_s + wait_s, wait_s > 0)
        return lane is not None

    async def _serve(self, lane: Lane, gateway: Gateway) -> None:
        while True:
            message = self._ledger.message(await lane.next(self._now))
            if message.state == "queued":
                await self._attempt(lane, gateway, message)
            else:  # done, or the contact has answered meanwhile
                lane.drop(message.id)

    async def _attempt(self, lane: Lane, gateway: Gateway, message: Message) -> None:
        now_s = self._now()
        alert = self._outbox.alert(message.event_id)
        assert alert is not None, "messages refer to alerts"
        place = self._place(now_s)
        if place is not None and (alert.place is None or place.at_ms > alert.place.at_ms):
            alert = replace(alert, place=place)
        message = compose(self._book.wearer, alert, message, self._wall_clock(now_s))
        message = replace(message, state="sending", attempts=message.attempts + 1)
        self._save(message, alert.place)
        message = await attempt(gateway, message, self._patience)
        if self._ledger.message(message.id).state != "seen":
            self._save(message)
        if message.state == "queued":
            due_s = self._now() + self._patience.delays_s[message.attempts - 1]
            lane.put(message.id, message.event_id, due_s)
        if message.attempts == 1:
            self._release_next_channel(message)
        self._report(message.event_id)

    def _release_next_channel(self, message: Message) -> None:
        for channel in CHANNELS[CHANNELS.index(message.channel) + 1 :]:
            lane = self._lanes.get((message.contact, channel))
            if lane and lane.release(message.event_id, self._now()):
                return

    def _report(self, event_id: EventId) -> None:
        outcome = self.outcome(event_id)
        if outcome is None or outcome == self._said.get(event_id):
            return
        self._said[event_id] = outcome
        self._on_outcome(outcome)
        if outcome.feedback is not None and outcome.feedback != self._ledger.told(event_id):
            self._ledger.set_told(event_id, outcome.feedback)

    def _save(self, message: Message, place: Place | None = None) -> None:
        self._ledger.save(replace(message, at_ms=self._wall_ms(self._now())), place)

    def _place(self, now_s: float) -> Place | None:
        position = self._position.latest(now_s)
        if position is None:
            return None
        at_ms = self._wall_ms(now_s) - round(position.age_s * 1000)
        return Place(position.lat, position.lon, position.accuracy_m, at_ms)

    def _wall_ms(self, now_s: float) -> int:
        return round(self._wall_clock(now_s).timestamp() * 1000)
