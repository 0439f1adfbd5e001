"""What a rig senses on an output of the board, as intervals of activity."""

import asyncio
from dataclasses import dataclass

from button.core.patterns import BETWEEN_PATTERNS_MS, FEEDBACK, FEEDBACK_NAMES


@dataclass(frozen=True, slots=True)
class Pulse:
    """From `on_s` until `off_s` the output was active."""

    on_s: float
    off_s: float

    @property
    def ms(self) -> int:
        """How long, rounded."""
        return round((self.off_s - self.on_s) * 1000)


class Signal:
    """One output, such as the siren or the indicator."""

    def __init__(self, name: str):
        self.name = name
        self.pulses: list[Pulse] = []
        self._on_s: float | None = None
        self._waiters: list[tuple[bool, asyncio.Future[None]]] = []

    @property
    def active(self) -> bool:
        """Whether it is active now."""
        return self._on_s is not None

    @property
    def since_s(self) -> float:
        """Since when it is active. Raises ValueError if it is not."""
        if self._on_s is None:
            raise ValueError(f"the {self.name} is not active")
        return self._on_s

    def sensed(self, t_s: float, active: bool) -> None:
        """The rig saw the output at this moment."""
        if active == self.active:
            return
        if active:
            self._on_s = t_s
        elif self._on_s is not None:
            self.pulses.append(Pulse(self._on_s, t_s))
            self._on_s = None
        for wanted, future in self._waiters:
            if wanted == active and not future.done():
                future.set_result(None)

    async def becomes(self, active: bool, *, within_s: float) -> None:
        """Wait until it is active, or silent. Raises TimeoutError."""
        if self.active == active:
            return
        future = asyncio.get_running_loop().create_future()
        self._waiters.append((active, future))
        try:
            async with asyncio.timeout(within_s):
                await future
        except TimeoutError:
            state = "active" if active else "silent"
            raise TimeoutError(f"the {self.name} was not {state} within {within_s} s") from None
        finally:
            self._waiters = [w for w in self._waiters if w[1] is not future]


@dataclass(frozen=True, slots=True)
class Felt:
    """A feedback pattern that the wearer could feel, and when it began."""

    t_s: float
    state: int

    @property
    def name(self) -> str:
        """What it means."""
        return FEEDBACK_NAMES[self.state] if self.state else "an unknown pattern"


def felt(pulses: list[Pulse]) -> list[Felt]:
    """Read feedback patterns off the indicator's pulses, by number and length, as a hand does."""
    patterns: list[Felt] = []
    group: list[Pulse] = []
    for i, pulse in enumerate(pulses):
        group.append(pulse)
        last = i + 1 == len(pulses)
        if last or (pulses[i + 1].on_s - pulse.off_s) * 1000 > BETWEEN_PATTERNS_MS - 100:
            patterns.append(Felt(group[0].on_s, _state(group)))
            group = []
    return patterns


def _state(group: list[Pulse]) -> int:
    for state, pattern in enumerate(FEEDBACK):
        if len(pattern) == len(group) and all(
            abs(pulse.ms - on_ms) < 150 for pulse, (on_ms, _) in zip(group, pattern, strict=True)
        ):
            return state
    return 0
