"""How long the dispatcher waits for what."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """Times are seconds."""

    delays_s: tuple[float, ...] = (1, 2, 4, 8, 15, 30) + (60,) * 359
    """Before each further attempt after GatewayUnavailable; then the message has failed.

    Six hours: a late alert is better than none. Every minute: coverage may be back for one only.
    """
    attempt_s: float = 30
    """An attempt that takes longer is broken off."""
    give_way_s: float = 3
    """And so is one that takes longer than this once a newer, more urgent message waits for it:
    all contacts are tried within ten seconds of any alert."""
    next_channel_s: float = 5
    """A call waits for the first attempt of the contact's SMS, and the mail for that of the call,
    but no longer than this."""
    fix_wait_s: float = 1.2
    """When the last position is old, messages wait for the fix that the press has asked for.

    Set it to 0 for a phone that never knows where it is.
    """
    tell_failed_s: float = 60
    """When nobody has been reached for so long, the wearer is told, though attempts go on."""
    reply_s: float = 4 * 3600
    """A text or call from a contact counts as an answer for so long after theirs was taken."""
