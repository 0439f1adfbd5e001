"""An output that is only looked at from time to time, as a state and when it changed. Pure."""

from collections.abc import Iterator

SILENT_S = 0.03
"""A siren's tone is seen high or low by chance: so long without a high is silence."""


class Sampled:
    """Active since the first sample that was high; silent since the last, after `SILENT_S`."""

    def __init__(self) -> None:
        self.active = False
        self._high_s = 0.0

    def sample(self, t_s: float, high: bool) -> Iterator[tuple[float, bool]]:
        """What this sample says: changes as (when, active)."""
        if high:
            self._high_s = t_s
            if not self.active:
                self.active = True
                yield t_s, True
        elif self.active and t_s - self._high_s > SILENT_S:
            self.active = False
            yield self._high_s, False
