"""The pins of each chip that can be used on a board, from Espressif's datasheets.

Pins that reach flash or PSRAM inside the usual modules are left out.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chip:
    """Which pins there are, and what they can do."""

    pins: frozenset[int]
    inputs_only: frozenset[int]
    """They cannot drive anything and have no pull resistor inside."""
    adc1: frozenset[int]
    """They measure voltages, with the converter that the radio leaves alone."""


def _pins(*ranges: range) -> frozenset[int]:
    return frozenset(pin for pins in ranges for pin in pins)


CHIPS = {
    "esp32": Chip(
        pins=_pins(range(6), range(12, 20), range(21, 24), range(25, 28), range(32, 40)),
        inputs_only=_pins(range(34, 40)),
        adc1=_pins(range(32, 40)),
    ),
    "esp32s3": Chip(
        pins=_pins(range(22), range(33, 49)), inputs_only=frozenset(), adc1=_pins(range(1, 11))
    ),
    "esp32c3": Chip(
        pins=_pins(range(11), range(18, 22)), inputs_only=frozenset(), adc1=_pins(range(5))
    ),
}
