"""What hangs on which pin of a board."""

from dataclasses import dataclass

from vigie.boards.spec import BoardSpec


@dataclass(frozen=True, slots=True)
class Wire:
    """One pin in use."""

    pin: int
    part: str
    notes: str = ""


def wiring(board: BoardSpec) -> list[Wire]:
    """Every pin in use, in the order of the parts."""
    key, siren, indicator, battery = board.key, board.siren, board.indicator, board.battery
    wires = [
        Wire(key.pin, "key", f"pressed is {_level(key.active_low)}, pull {key.pull}"),
        Wire(siren.pin, "siren", f"PWM, loudest at {siren.resonance_hz} Hz"),
        Wire(indicator.pin, "indicator", f"on is {_level(indicator.active_low)}"),
        Wire(battery.pin, "battery", f"cell x {battery.divider:g}"),
    ]
    microphone = board.microphone
    if microphone:
        wires += [
            Wire(microphone.sck, "microphone SCK", microphone.model),
            Wire(microphone.ws, "microphone WS"),
            Wire(microphone.sd, "microphone SD"),
        ]
    return wires + [
        Wire(pin, "board", f"{'high' if level else 'low'} before the radio starts")
        for pin, level in board.startup.levels
    ]


def _level(active_low: bool) -> str:
    return "low" if active_low else "high"
