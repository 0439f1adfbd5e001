"""From a held alert to messages on their way, until each is taken or given up."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from button.core.gestures import DEFAULT_ACTIONS, SMS
from button.core.wire import AGE_MAX_MS, AGE_UNKNOWN, BATTERY_UNKNOWN_MV, Alert, EventId
from vigie.phone.attempt import attempt
from vigie.phone.clock import Clock
from vigie.phone.compose import compose
from vigie.phone.contacts import AddressBook
from vigie.phone.gateways import Gateway
from vigie.phone.lane import Lane
from vigie.phone.lanes import Lanes
from vigie.phone.ledger import Ledger
from vigie.phone.outbox import Outbox
from vigie.phone.outcome import Outcome
from vigie.phone.outcomes import Outcomes
from vigie.phone.patience import Patience
from vigie.phone.plan import plan
from vigie.phone.position import Guarded, PositionSource
from vigie.phone.records import ACCEPTED, Channel, HeldAlert, Message, Place
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
        on_outcome: called with every change of an alert's outcome, and after a restart again for
            those that the wearer has not been told (`wearer_told`).
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
        self._position = Guarded(position)
        self._clock = Clock(now, wall_clock)
        self._patience = patience or Patience()
        self._actions = actions
        self._outcomes = Outcomes(outbox, self._ledger, self._clock, self._patience, on_outcome)
        self._lanes = Lanes(book.contacts, self._gateways, self._patience.next_channel_s)
        self._tasks: asyncio.TaskGroup | None = None

    def accept(self, alert: Alert) -> bool:
        """Hold an alert. When this returns, the button may be told to forget it.

        Returns:
            Whether it is new; False for one that is held already, which changes nothing.

        Raises:
            VigieError: it is not held. The button must keep it and send it again.
        """
        now_s = self._clock.now()
        place = self._place(now_s)
        received_ms = self._clock.wall_ms(now_s)
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
        if not self._outbox.hold(held, drafts):
            return False
        self._outcomes.received(held.event_id)
        start_s = now_s if is_fresh else now_s + self._patience.fix_wait_s
        for message in self._ledger.messages(held.event_id):
            self._lanes.put(message, held.level, start_s)
        if self._tasks:
            self._tasks.create_task(self._outcomes.report_in_time(held.event_id))
        return True

    def follow_up(self, event_id: EventId, fingerprint: str) -> None:
        """Tell the contacts of an alert the fingerprint of its recording, once.

        Raises:
            VigieError: the outbox does not take it.
        """
        alert = self._outbox.alert(event_id)
        if alert is None:
            return  # begun by the phone: nobody was called
        drafts = plan(self._book.contacts, SMS, {"sms"})
        self._outbox.follow(event_id, drafts, fingerprint, self._clock.wall_ms())
        for message in self._ledger.messages(event_id):
            if message.fingerprint == fingerprint and message.state == "queued":
                self._lanes.put(message, alert.level, self._clock.now())

    async def run(self) -> None:
        """Take up what an earlier run left, then send what is due, for ever.

        Raises:
            VigieError: in an exception group, when the outbox cannot even be read any more.
        """
        if self._tasks:
            raise RuntimeError("two runs would send everything twice")
        try:
            async with asyncio.TaskGroup() as self._tasks:
                self._resume()
                for channel, lane in self._lanes:
                    self._tasks.create_task(self._serve(lane, self._gateways[channel]))
                for alert in self._outbox.alerts():
                    self._tasks.create_task(self._outcomes.report_in_time(alert.event_id))
        finally:
            self._tasks = None
            self._ledger.flush()

    @property
    def waiting(self) -> bool:
        """Whether there are messages that the phone still tries to send."""
        return bool(self._ledger.open_messages())

    def contact_replied(self, phone: str) -> EventId | None:
        """A contact has written or called back.

        It answers the newest alert, if a message of that was taken for them and not long ago. What
        is still to be sent is sent all the same: a text about something else must not stop it.

        Args:
            phone: the contact's number as in the contacts file, in E.164 form.

        Returns:
            The alert that counts as seen; None if it is an answer to none.
        """
        alert = self._outbox.newest_alert()
        if alert is None:
            return None
        now_ms = self._clock.wall_ms()
        taken = [
            message
            for message in self._ledger.messages(alert.event_id)
            if message.contact == phone and message.state in ACCEPTED and not message.fingerprint
        ]
        latest_ms = max((message.sent_at_ms or message.at_ms for message in taken), default=None)
        if latest_ms is None or now_ms - latest_ms > self._patience.reply_s * 1000:
            return None
        for message in taken:
            if message.state != "seen":
                self._save(replace(message, state="seen", seen_at_ms=now_ms, error=None))
        self._outcomes.report(alert.event_id)
        return alert.event_id

    def outcome(self, event_id: EventId) -> Outcome | None:
        """How far an alert has come; None when it is not held."""
        return self._outcomes.of(event_id)

    def messages(self, event_id: EventId) -> list[Message]:
        """The messages of an alert as far as they have come."""
        return self._ledger.messages(event_id)

    def told(self, event_id: EventId) -> int | None:
        """The last feedback of an alert that the button has heard."""
        return self._ledger.told(event_id)

    def wearer_told(self, event_id: EventId, feedback: int) -> None:
        """The button has heard this: it need not be told again, even after a restart."""
        self._ledger.set_told(event_id, feedback)

    def _resume(self) -> None:
        self._ledger.recover()
        now_s = self._clock.now()
        levels = {alert.event_id: alert.level for alert in self._outbox.alerts()}
        for message in self._ledger.open_messages():
            if not self._lanes.put(message, levels[message.event_id], now_s):
                # The wearer took them away, perhaps for a reason: no position for them.
                reason = "not among the contacts, addresses and gateways any more"
                self._save(replace(message, state="failed", error=reason))
        self._outcomes.report_what_is_untold()

    async def _serve(self, lane: Lane, gateway: Gateway) -> None:
        while True:
            message = self._ledger.message(await lane.next(self._clock.now))
            await self._attempt(lane, gateway, message)

    async def _attempt(self, lane: Lane, gateway: Gateway, message: Message) -> None:
        alert = self._outbox.alert(message.event_id)
        assert alert is not None, "messages refer to alerts"
        now_s = self._clock.now()
        place = self._place(now_s)
        if place is not None and (alert.place is None or place.at_ms > alert.place.at_ms):
            alert = replace(alert, place=place)
        message = compose(self._book.wearer, alert, message, self._clock.wall(now_s))
        message = replace(message, state="sending", attempts=message.attempts + 1)
        message = self._save(message, alert.place)
        message = await attempt(
            gateway, message, self._patience, lambda: lane.overtaken(message.id, self._clock.now)
        )
        if message.state == "sent":
            message = replace(message, sent_at_ms=self._clock.wall_ms())
        message = self._save(message)
        if message.state == "queued":
            delay_s = self._patience.delays_s[message.attempts - 1]
            lane.again(message.id, self._clock.now() + delay_s)
        else:
            lane.drop(message.id)
        if message.attempts == 1:
            self._lanes.release_after(message, self._clock.now())
        self._outcomes.report(message.event_id)

    def _save(self, message: Message, place: Place | None = None) -> Message:
        message = replace(message, at_ms=self._clock.wall_ms())
        self._ledger.save(message, place)
        return message

    def _place(self, now_s: float) -> Place | None:
        position = self._position.latest(now_s)
        if position is None:
            return None
        at_ms = self._clock.wall_ms(now_s) - round(position.age_s * 1000)
        return Place(position.lat, position.lon, position.accuracy_m, at_ms)
