"""What became of each alert: judged as it changes, passed on, and told to the wearer for certain.

An outcome counts as told when the button has heard it, not when it is known: the phone may be
killed, or out of reach, in between.
"""

import asyncio
import logging
from collections.abc import Callable

from button.core.wire import EventId
from vigie.phone.clock import Clock
from vigie.phone.ledger import Ledger
from vigie.phone.outbox import Outbox
from vigie.phone.outcome import Outcome, judge
from vigie.phone.patience import Patience
from vigie.phone.records import HeldAlert

_log = logging.getLogger(__name__)

_TICK_S = 1e-3


class Outcomes:
    """The outcomes of all alerts in an outbox.

    Args:
        outbox: the alerts.
        ledger: their messages, and what the wearer was told.
        clock: for the minute after which a failure is told.
        patience: how long that minute is.
        on_change: called with each outcome that is new.
    """

    def __init__(
        self,
        outbox: Outbox,
        ledger: Ledger,
        clock: Clock,
        patience: Patience,
        on_change: Callable[[Outcome], None],
    ):
        self._outbox = outbox
        self._ledger = ledger
        self._clock = clock
        self._tell_failed_s = patience.tell_failed_s
        self._on_change = on_change
        self._said: dict[EventId, Outcome] = {}
        self._received_s: dict[EventId, float] = {}
        """By the loop's clock, of which nobody corrects the time meanwhile."""

    def of(self, event_id: EventId) -> Outcome | None:
        """How far an alert has come; None when it is not held."""
        alert = self._outbox.alert(event_id)
        if alert is None:
            return None
        messages = self._ledger.messages(event_id)
        waited_ms = round(self._waited_s(alert) * 1000)
        return judge(event_id, messages, waited_ms, round(self._tell_failed_s * 1000))

    def received(self, event_id: EventId) -> None:
        """An alert has just come."""
        self._received_s[event_id] = self._clock.now()

    def report(self, event_id: EventId) -> None:
        """Pass it on if it is news."""
        outcome = self.of(event_id)
        if outcome is None or outcome == self._said.get(event_id):
            return
        self._said[event_id] = outcome
        try:
            self._on_change(outcome)
        except Exception:  # who listens must not keep the messages from going out
            _log.exception("a fault in a listener for outcomes")

    def report_what_is_untold(self) -> None:
        """After a start: what the wearer has not been told of the alerts of earlier runs."""
        for alert in self._outbox.alerts():
            outcome = self.of(alert.event_id)
            if outcome and outcome.feedback not in (None, self._ledger.told(alert.event_id)):
                self.report(alert.event_id)

    async def report_in_time(self, event_id: EventId) -> None:
        """Report once more when the time to tell a failure has come, if it has not come yet."""
        alert = self._outbox.alert(event_id)
        assert alert is not None, "only for alerts that are held"
        left_s = self._tell_failed_s - self._waited_s(alert)
        if left_s <= 0:
            return
        while left_s > 0:  # a clock may have been set meanwhile
            await asyncio.sleep(max(left_s, _TICK_S))
            left_s = self._tell_failed_s - self._waited_s(alert)
        self.report(event_id)

    def _waited_s(self, alert: HeldAlert) -> float:
        """Since the alert came, by that clock of the two which shows more.

        One stands still while the machine is suspended, the other may be set back.
        """
        by_wall_s = (self._clock.wall_ms() - alert.received_at_ms) / 1000
        received_s = self._received_s.setdefault(
            alert.event_id, self._clock.now() - max(0.0, by_wall_s)
        )
        return max(by_wall_s, self._clock.now() - received_s)
