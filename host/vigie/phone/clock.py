"""The two clocks of a phone: the loop's, which never goes back, and that of date and time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Clock:
    """Both, in one hand."""

    now: Callable[[], float]
    """Seconds of the loop's clock."""
    wall: Callable[[float], datetime]
    """The aware date and time at a time of that clock."""

    def wall_ms(self, now_s: float | None = None) -> int:
        """Milliseconds since 1970, now or at a time of the loop's clock."""
        return round(self.wall(self.now() if now_s is None else now_s).timestamp() * 1000)
