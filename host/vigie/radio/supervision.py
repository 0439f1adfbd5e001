"""The supervision timeout of a link, kept without simulating events that nobody needs."""

import math
from random import Random


class Supervision:
    """Counts how many connection events failed in a row.

    A link with nothing to say still meets its peer at every connection event, some thirty times
    a second. Such events are not simulated: `skip` draws what has become of them, `events_left`
    draws when they will have lost the link, and both follow the distribution that simulating the
    events one by one would give.

    Args:
        rng: where chance comes from.
        limit: how many failed events in a row lose the link.
    """

    def __init__(self, rng: Random, limit: int):
        self.limit = limit
        self._rng = rng
        self._failed = 0

    @property
    def lost(self) -> bool:
        """So many events have failed in a row that the link is lost."""
        return self._failed >= self.limit

    def event(self, loss: float) -> bool:
        """Simulate one event; True if the ends heard each other."""
        if loss >= 1 or (loss > 0 and self._rng.random() < loss):
            self._failed += 1
            return False
        self._failed = 0
        return True

    def skip(self, events: int, loss: float) -> None:
        """Account for events that passed unwatched without losing the link."""
        if events <= 0:
            return
        if loss >= 1:
            self._failed += events
            return
        if self._failed + events < self.limit:
            run = self._last_run(loss, math.inf)
            self._failed = self._failed + events if run >= events else run
        else:
            # Had all these events failed, the link would be lost.
            self._failed = self._last_run(loss, min(events, self.limit))

    def events_left(self, loss: float) -> float:
        """After how many events an unwatched link is lost; infinite if practically never."""
        left = max(self.limit - self._failed, 0)
        if loss >= 1:
            return left
        if loss <= 0:
            return math.inf
        if self._rng.random() < loss**left:
            return left
        fatal = loss**self.limit
        if fatal == 0.0:
            return math.inf
        survived = math.log1p(-self._rng.random()) // math.log1p(-fatal)
        return _mean_run(loss, left) + survived * _mean_run(loss, self.limit) + self.limit

    def _last_run(self, loss: float, limit: float) -> int:
        """How many of the latest events failed, given that it is fewer than `limit`."""
        if loss <= 0:
            return 0
        chance = 1 - self._rng.random() * (1 - loss**limit)
        return int(min(math.log(chance) / math.log(loss), limit - 1))


def _mean_run(loss: float, limit: int) -> float:
    """Mean events up to and including the next heard one, given that fewer than `limit` fail."""
    fatal = loss**limit
    return max(1 / (1 - loss) - limit * fatal / (1 - fatal), 1.0)
