"""Gestures by severity, what each one does by default, and how a hurried second alert is raised.

The table is data for both ends: the button acts on the local part, the phone on the rest. Source:
the design, section 4 ("Gestures").
"""

SINGLE = 1
DOUBLE = 2
TRIPLE = 3
LONG = 4
NAMES = ("", "single", "double", "triple", "long")
"""Name of each kind; the index is the kind, and a greater kind is more severe."""

SMS = 1
CALL = 2
MAIL = 4
RECORD = 8
SIREN = 16
PREVENTION = SMS
RESCUE = SMS | CALL | MAIL

DEFAULT_ACTIONS = (
    0,
    PREVENTION,
    RESCUE | RECORD,
    RESCUE | RECORD,
    RESCUE | RECORD | SIREN,
)
"""Actions (a sum of the bits above) by level; the index is the level."""


class Escalation:
    """Raises an alert that follows another within `escalate_ms` at least one level above it.

    So a double click done too slowly never ends as two preventions.
    """

    def __init__(self, escalate_ms: int = 3000):
        self.escalate_ms = escalate_ms
        self._last_level = 0
        self._last_ms = 0

    def level(self, kind: int, first_edge_ms: int, decided_ms: int) -> int:
        """The level at which a gesture acts: its own kind, or more.

        Args:
            kind: what the detector decided, SINGLE to LONG.
            first_edge_ms: when its first edge was, on a clock that does not wrap.
            decided_ms: when it was decided, on the same clock.
        """
        level = kind
        if self._last_level and first_edge_ms - self._last_ms <= self.escalate_ms:
            level = min(LONG, max(kind, self._last_level + 1))
        self._last_level, self._last_ms = level, decided_ms
        return level
