"""One LE connection: events, retransmission, back-pressure, supervision."""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumble import hci, ll

from vigie.radio.link_parameters import INTER_FRAME_SPACE_US, LinkParameters, exchange_us
from vigie.radio.supervision import Supervision

if TYPE_CHECKING:
    from vigie.radio.air import Air
    from vigie.radio.link_end import LinkEnd

ESTABLISHMENT_EVENTS = 6
"""A connection whose first packet does not come within so many events was never made."""

NEVER_S = 3e9
"""A link that would be lost in a century is not worth a timer."""


@dataclass(frozen=True, slots=True)
class LinkPacket:
    """Something on its way from one end to the other."""

    sender: "LinkEnd"
    content: hci.HCI_AclDataPacket | ll.ControlPdu
    size_bytes: int
    """On the air, without framing."""


class AirConnection:
    """What two link ends share: a schedule of events, two queues and a supervision timeout.

    A link loses no packet and keeps their order: what a lost event did not carry goes out in the
    next one. A timer runs only while there is something to send or a link that may be lost.

    Args:
        air: tells the loss between the ends.
        central: the end that makes the connection.
        peripheral: the other end, or None if it did not hear that it was called.
        parameters: as chosen by the central.
    """

    def __init__(
        self,
        air: "Air",
        central: "LinkEnd",
        peripheral: "LinkEnd | None",
        parameters: LinkParameters,
    ):
        self.parameters = parameters
        self.phy = hci.Phy.LE_1M
        self._air = air
        self._loop = asyncio.get_running_loop()
        ends = (central, peripheral) if peripheral else (central,)
        self._queues: dict[LinkEnd, deque[LinkPacket]] = {end: deque() for end in ends}
        self._established = False
        self._supervision = Supervision(air.rng, ESTABLISHMENT_EVENTS)
        self._anchor_s = self._loop.time()
        self._counted_events = 0
        self._timer: asyncio.TimerHandle | None = None
        self._planned_event: int | None = None
        self._loss = self._loss_now()
        self._plan()

    @property
    def ends(self) -> tuple["LinkEnd", ...]:
        """The ends that are alive, the central first."""
        return tuple(self._queues)

    def peer_of(self, end: "LinkEnd") -> "LinkEnd | None":
        """The other end, unless it is dead."""
        for other in self._queues:
            if other is not end:
                return other
        return None

    def send(self, packet: LinkPacket) -> None:
        """Queue a packet for the coming events."""
        if packet.sender not in self._queues:
            return
        self._queues[packet.sender].append(packet)
        if self._planned_event is None:
            self._catch_up()
            self._check()

    def quality_changed(self) -> None:
        """Look again at the loss between the ends."""
        loss = self._loss_now()
        if loss != self._loss:
            self._catch_up()
            self._loss = loss
            self._check()

    def deafen(self, end: "LinkEnd") -> None:
        """An end has died without a word: the other notices after the supervision timeout."""
        self._queues.pop(end, None)
        if self._queues:
            self.quality_changed()
        else:
            self._stop()

    def update(self, parameters: LinkParameters) -> None:
        """Go on with other parameters."""
        self._catch_up()
        self.parameters = parameters
        self._anchor_s = self._loop.time()
        self._counted_events = 0
        if self._established:
            self._supervision.limit = parameters.supervised_events
        self._check()

    def close(self, reason: int, by: "LinkEnd | None" = None) -> None:
        """End the connection; `by` is the end whose host asked for it."""
        self._stop()
        ends, self._queues = self.ends, {}
        for end in ends:
            end.closed(hci.HCI_CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR if end is by else reason)

    def _loss_now(self) -> float:
        if len(self._queues) < 2:
            return 1.0
        central, peripheral = self._queues
        return self._air.loss(central.radio, peripheral.radio)

    def _events_passed(self) -> int:
        passed_s = self._loop.time() - self._anchor_s
        passed = math.floor(passed_s / self.parameters.interval_s + 1e-6)
        return max(passed, self._counted_events)

    def _catch_up(self) -> None:
        passed = self._events_passed()
        self._supervision.skip(passed - self._counted_events, self._loss)
        self._counted_events = passed

    def _check(self) -> None:
        if self._supervision.lost:
            self._lose()
        else:
            self._plan()

    def _lose(self) -> None:
        self.close(
            hci.HCI_CONNECTION_TIMEOUT_ERROR
            if self._established
            else hci.HCI_CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR
        )

    def _plan(self) -> None:
        """Set the one timer: for the next event that matters, or for the loss of the link."""
        self._stop()
        busy = not self._established or any(self._queues.values())
        if busy and self._loss < 1:
            self._planned_event = self._next_event()
            self._call_at_event(self._planned_event, self._on_event)
            return
        left = self._supervision.events_left(self._loss)
        if left * self.parameters.interval_s < NEVER_S:
            self._call_at_event(self._counted_events + left, self._lose)

    def _stop(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None
        self._planned_event = None

    def _call_at_event(self, event: float, callback: Callable[[], None]) -> None:
        at_s = self._anchor_s + event * self.parameters.interval_s
        self._timer = self._loop.call_at(at_s, callback)

    def _next_event(self) -> int:
        soonest = self._events_passed() + 1
        _, from_peripheral = self._queues.values()
        if from_peripheral or not self._established:
            return soonest
        # The peripheral may be asleep until the next event that it has to attend.
        stride = self.parameters.latency + 1
        return -(-soonest // stride) * stride

    def _on_event(self) -> None:
        assert self._planned_event is not None
        self._supervision.skip(self._planned_event - 1 - self._counted_events, self._loss)
        self._counted_events = self._planned_event
        if self._supervision.event(self._loss):
            self._establish()
            self._exchange()
        self._check()

    def _establish(self) -> None:
        if not self._established:
            self._established = True
            self._supervision.limit = self.parameters.supervised_events
            for end in self.ends:
                end.established()

    def _exchange(self) -> None:
        """Let the ends take turns until both are done or the time for this event is up."""
        budget_us = self.parameters.interval_s * 1e6 - INTER_FRAME_SPACE_US
        spent_us = 0
        queues = tuple(self._queues.values())
        while any(queues):
            packets = [queue[0] for queue in queues if queue]
            rounds = max(1, *(-(-p.size_bytes // p.sender.tx_octets) for p in packets))
            turn_us = exchange_us(self.phy, sum(p.size_bytes for p in packets), rounds)
            if spent_us and spent_us + turn_us > budget_us:
                return
            spent_us += turn_us
            for packet in packets:
                self._queues[packet.sender].popleft()
            self._loop.call_at(self._loop.time() + spent_us * 1e-6, self._deliver, packets)

    def _deliver(self, packets: list[LinkPacket]) -> None:
        for packet in packets:
            receiver = self.peer_of(packet.sender)
            if receiver is None or packet.sender not in self._queues:
                continue
            if isinstance(packet.content, ll.TerminateInd):
                self.close(packet.content.error_code, by=packet.sender)
                continue
            receiver.receive(packet.content)
            packet.sender.transmitted(packet.content)
