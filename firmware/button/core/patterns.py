"""What the wearer feels and what everybody hears, as data.

A feedback pattern is pulses (on_ms, off_ms) of the indicator (a light or a vibration motor). Any
two differ in the number of pulses or by 300 ms in one of them, so that they can be told apart by
feel. A sound is tones (hz, duty_percent, ms); 0 Hz is silence.
"""

FAULT = 6
"""Something is wrong with the button itself: a stuck key, flash that refused an alert, a recording
that could not be made."""

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


FULL_DUTY = 50
"""Percent: a square wave is loudest when it is high half of the time. 2 % are 24 dB softer."""
LEAST_HZ, MOST_HZ = 500, 10000
"""Between them lies the resonance of every sounder that fits."""


def siren_tones(resonance_hz: int):
    """The alarm, to be repeated: a rising sweep through the sounder's resonance, then a low part.

    The sweep is loudest. Low tones carry through doors and wake sleepers, but a small sounder
    makes little of them besides their overtones: how loud it is in its case must be measured.
    """
    sweep = [(resonance_hz * percent // 100, FULL_DUTY, 40) for percent in range(80, 129, 4)]
    return tuple(sweep) + ((440, FULL_DUTY, 240), (520, FULL_DUTY, 240))


def find_me_tones(resonance_hz: int):
    """Three soft chirps for whoever looks for the button."""
    return ((resonance_hz, 2, 80), (0, 0, 220)) * 2 + ((resonance_hz, 2, 80),)


def self_test_tones(resonance_hz: int):
    """Short and at full level: shows that the sounder works, and a microphone can hear it."""
    return tuple([(resonance_hz * percent // 100, FULL_DUTY, 30) for percent in (90, 100, 110)])


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
