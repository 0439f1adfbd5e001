"""How soon the link to a button that was out of reach is there again."""

import asyncio
from typing import Protocol

from vigie.phone.events import LinkUp, Transcript


class Linked(Protocol):
    """What is used of a phone."""

    @property
    def transcript(self) -> Transcript:
        """What it has seen."""
        ...

    @property
    def connected(self) -> bool:
        """Whether it is connected to the button."""
        ...


async def linked_again(phone: Linked, within_s: float) -> float:
    """Seconds from now until it is connected: 0 if it is. Raises TimeoutError.

    A link that came up before and is gone again does not count.
    """
    if phone.connected:
        return 0.0
    now_s = asyncio.get_running_loop().time
    began_s = now_s()
    await phone.transcript.saw(LinkUp, within_s=within_s, since=len(phone.transcript.events))
    return now_s() - began_s
