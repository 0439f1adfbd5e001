"""All lanes of a phone: one for each contact, channel and address that messages may go to."""

from collections.abc import Collection, Iterator, Sequence

from button.core.gestures import RESCUE
from vigie.phone.contacts import Contact
from vigie.phone.lane import Lane
from vigie.phone.plan import plan
from vigie.phone.records import CHANNELS, Channel, Message


class Lanes:
    """Puts messages into their lanes, in the order in which a contact's channels are tried.

    Args:
        contacts: those of the contacts file as it is now. What was planned for somebody or for an
            address that is not in it any more has no lane.
        channels: those that have a gateway.
        next_channel_s: how long a call waits for the SMS, and the mail for the call.
    """

    def __init__(
        self, contacts: Sequence[Contact], channels: Collection[Channel], next_channel_s: float
    ):
        drafts = plan(contacts, RESCUE, channels)
        self._addresses: dict[tuple[str, Channel], str] = {
            (d.contact, d.channel): d.address for d in drafts
        }
        self._lanes: dict[tuple[str, Channel], Lane] = {
            (d.contact, d.channel): Lane() for d in drafts
        }
        self._next_channel_s = next_channel_s

    def __iter__(self) -> Iterator[tuple[Channel, Lane]]:
        """Channel and lane, SMS first."""
        return ((channel, lane) for (_, channel), lane in self._lanes.items())

    def put(self, message: Message, level: int, start_s: float) -> bool:
        """SMS at once, an untried call or mail when its turn has come.

        Returns:
            Whether there is a lane for it.
        """
        key = (message.contact, message.channel)
        if self._addresses.get(key) != message.address:
            return False
        lane = self._lanes[key]
        if message.fingerprint and message.id not in lane:
            lane.put(message.id, message.event_id, 0, start_s)  # after every call for help
        elif message.state == "queued" and message.id not in lane:
            untried = message.attempts == 0
            wait_s = CHANNELS.index(message.channel) * self._next_channel_s if untried else 0.0
            lane.put(
                message.id,
                message.event_id,
                level,
                start_s + wait_s,
                untried=untried,
                after_other_channel=wait_s > 0,
            )
        return True

    def release_after(self, message: Message, now_s: float) -> None:
        """The first attempt of a message is over: the contact's next channel need not wait."""
        if message.fingerprint:
            return
        for channel in CHANNELS[CHANNELS.index(message.channel) + 1 :]:
            lane = self._lanes.get((message.contact, channel))
            if lane and lane.release(message.event_id, now_s):
                return
