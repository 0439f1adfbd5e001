"""The wires of a board as WireViz reads them, from its file in boards/ and the parts list."""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from vigie.boards.spec import BoardSpec
from vigie.hardware.bom import Part
from vigie.hardware.modules import Module

_GROUND, _LOGIC = "GND", "3V3"
_USB_V = 5.0
_CALIBRATED_V = 2.45
"""Up to here ESP-IDF calibrates the converter (adc_ll.h)."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A wire: where on the board it begins, on which pin of the part it ends, its colour."""

    board: str
    part: str
    colour: str


@dataclass(frozen=True, slots=True)
class Group:
    """A part, or a few on a scrap of board, with the wires to it."""

    name: str
    title: str
    wires: tuple[Wire, ...]
    notes: str = ""


def groups(board: BoardSpec, module: Module, parts: Mapping[str, Part]) -> list[Group]:
    """Everything that hangs on a board, in the order in which it is soldered."""
    plus = module.plus
    ground = Wire(_GROUND, _GROUND, "BK")
    found = [
        Group(
            "key",
            "S1 with R1, R2, CR3",
            (
                Wire(module.label(board.key.pin), "pin, through R2", "GN"),
                *(
                    (ground, Wire(_LOGIC, f"R1 {parts['R1'].value}", "OG"))
                    if board.key.active_low
                    else (Wire(_LOGIC, "key", "OG"), ground)
                ),
            ),
            f"R2 {parts['R2'].value}; pressed is {'low' if board.key.active_low else 'high'}",
        ),
        Group(
            "sounder",
            "LS1 with Q1, CR1, R3, R4",
            (
                Wire(module.label(board.siren.pin), f"gate, through R3 {parts['R3'].value}", "BU"),
                Wire(plus, "LS1 +, CR1 cathode", "RD"),
                ground,
            ),
            _feed(module, "LS1") or f"loudest at {board.siren.resonance_hz} Hz",
        ),
        _indicator(board, module, parts),
        _divider(board, module, parts),
    ]
    microphone = board.microphone
    if microphone:
        found.append(
            Group(
                "microphone",
                f"MK1, {microphone.model}",
                (
                    Wire(_LOGIC, "3V", "OG"),
                    ground,
                    Wire(module.label(microphone.sck), "BCLK (SCK)", "YE"),
                    Wire(module.label(microphone.ws), "LRCL (WS)", "WH"),
                    Wire(module.label(microphone.sd), "DOUT (SD)", "VT"),
                    Wire(_GROUND, "SEL (L/R)", "BK"),
                ),
                "sound enters from the side without parts",
            )
        )
    if module.cell:
        found.append(
            Group(
                "cell",
                "BT1 on plug J1, C2 across the pads",
                (Wire(plus, "+", "RD"), Wire("BAT-", "-", "BK")),
                "last of all, and only after measuring which side is plus",
            )
        )
    return found


def _feed(module: Module, part: str) -> str:
    if module.cell:
        return ""
    return f"{module.plus} is more than the {part}'s 3.6 V: 6.8 ohm in series"


def _indicator(board: BoardSpec, module: Module, parts: Mapping[str, Part]) -> Group:
    label = module.label(board.indicator.pin)
    if board.indicator.active_low:  # a light that hangs on 3.3 V; a transistor would invert it
        return Group(
            "light",
            "LED1 with R9",
            (Wire(label, f"cathode, through R9 {parts['R9'].value}", "BU"),
             Wire(_LOGIC, "anode", "OG")),
        )  # fmt: skip
    if module.cell:
        return Group(
            "motor",
            "M1 with Q2, CR2, R5, R6, R10",
            (
                Wire(label, f"gate, through R5 {parts['R5'].value}", "BU"),
                Wire(module.plus, f"R10 {parts['R10'].value}, then M1 +", "RD"),
                Wire(_GROUND, _GROUND, "BK"),
            ),
        )
    return Group(
        "light",
        "LED1 with R9",
        (
            Wire(label, f"anode, through R9 {parts['R9'].value}", "BU"),
            Wire(_GROUND, "cathode", "BK"),
        ),
        "on the bench in place of the motor",
    )


def _divider(board: BoardSpec, module: Module, parts: Mapping[str, Part]) -> Group:
    ratio = board.battery.divider
    values = "R7 {} over R8 {}".format(parts["R7"].value, parts["R8"].value)
    if abs(ratio - 0.5) > 0.01:
        values = f"R8 / (R7 + R8) = {ratio:g}, as in the board's file"
    if not module.cell and ratio * _USB_V > _CALIBRATED_V:
        values += f"; {_USB_V:g} V read low, above {_CALIBRATED_V:g} V the converter is not exact"
    return Group(
        "divider",
        "R7, R8, C1",
        (
            Wire(module.label(board.battery.pin), "middle", "YE"),
            Wire(module.plus, "R7", "RD"),
            Wire(_GROUND, "R8, C1", "BK"),
        ),
        values,
    )


def harness(board: BoardSpec, module: Module, parts: Mapping[str, Part]) -> dict[str, object]:
    """The whole drawing: connectors, bundles of wires, and what joins them."""
    all_groups = groups(board, module, parts)
    pins = list(dict.fromkeys(wire.board for group in all_groups for wire in group.wires))
    connectors: dict[str, object] = {
        "board": {
            "type": module.title,
            "subtype": f"U1, {board.chip}",
            "pins": pins,
            "show_pincount": False,
        }
    }
    cables: dict[str, object] = {}
    connections: list[object] = []
    for group in all_groups:
        bundle = f"to {group.name}"
        connectors[group.name] = {
            "type": group.title,
            "pins": [wire.part for wire in group.wires],
            "show_pincount": False,
            **({"notes": group.notes} if group.notes else {}),
        }
        cables[bundle] = {
            "category": "bundle",
            "gauge": "0.1 mm2",
            "colors": [wire.colour for wire in group.wires],
        }
        connections.append(
            [
                {"board": [wire.board for wire in group.wires]},
                {bundle: list(range(1, len(group.wires) + 1))},
                {group.name: [wire.part for wire in group.wires]},
            ]
        )
    return {"connectors": connectors, "cables": cables, "connections": connections}


def as_yaml(board: BoardSpec, module: Module, parts: Mapping[str, Part]) -> str:
    """The drawing as WireViz's file."""
    drawing = harness(board, module, parts)
    body = yaml.safe_dump(drawing, sort_keys=False, allow_unicode=True, width=100)
    return f"# Made from boards/{board.name}.toml by `vigie hardware pages`.\n{body}"
