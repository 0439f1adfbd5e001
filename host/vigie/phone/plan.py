"""Which messages an alert becomes."""

from collections.abc import Collection, Sequence

from button.core.gestures import CALL, MAIL, SMS
from vigie.phone.contacts import Contact
from vigie.phone.records import CHANNELS, Channel, Draft

_ACTION: dict[Channel, int] = {"sms": SMS, "call": CALL, "mail": MAIL}


def plan(contacts: Sequence[Contact], actions: int, channels: Collection[Channel]) -> list[Draft]:
    """One draft for each contact on each channel that the actions ask for, SMS first.

    Args:
        contacts: who gets the alert; one without e-mail address gets no mail.
        actions: a sum of SMS, CALL, MAIL; other bits are the button's business.
        channels: the channels that have a gateway.
    """
    drafts: list[Draft] = []
    for channel in CHANNELS:
        if channel in channels and actions & _ACTION[channel]:
            for contact in contacts:
                address = contact.email if channel == "mail" else contact.phone
                if address:
                    drafts.append(Draft(contact.phone, contact.name, channel, address))
    return drafts
