"""What the wearer feels and what everybody hears, as data.

A feedback pattern is pulses (on_ms, off_ms) of the indicator (a light or a vibration motor). Any
two differ in the number of pulses or by 300 ms in one of them, so that they can be told apart by
feel. A siren pattern is tones (hz, ms) that repeat.
"""

FAULT = 6
"""Something is wrong with the button itself: the key is stuck, or flash refused an alert."""

FEEDBACK = (
    (),
    ((80, 0),),  # REGISTERED: a tick
    ((80, 120), (80, 0)),  # PHONE_HAS_IT: two ticks
    ((600, 0),),  # HANDED_OVER: one long
    ((80, 120), (80, 120), (600, 0)),  # SEEN: two ticks and a long
    ((300, 150), (300, 150), (300, 150), (300, 150), (300, 0)),  # FAILED: five heavy pulses
    ((600, 300), (600, 0)),  # FAULT: two long
)
"""By feedback state: REGISTERED to FAILED of `wire`, and FAULT."""

FEEDBACK_NAMES = (
    "",
    "registered",
    "phone has it",
    "handed over",
    "seen",
    "FAILED",
    "fault",
)

BETWEEN_PATTERNS_MS = 500


def _sweep(low_hz, high_hz, steps, ms):
    step_hz = (high_hz - low_hz) // (steps - 1)
    return tuple([(low_hz + i * step_hz, ms) for i in range(steps)])


SIREN = _sweep(2200, 3400, 13, 40) + ((440, 240), (520, 240))
"""A rising sweep through the resonance of small sounders, where they are loudest, then a low part
that carries through doors and wakes sleepers."""

SIREN_LIMIT_MS = 600000
"""Ten minutes: nobody hears a siren for longer, and the battery is for alerts."""


def same_for_the_hand(a, b) -> bool:
    """Whether two feedback patterns could be taken for each other."""
    if len(a) != len(b):
        return False
    for (on_a, _), (on_b, _) in zip(a, b):
        if abs(on_a - on_b) >= 300:
            return False
    return True
