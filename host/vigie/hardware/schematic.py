"""hardware/schematic.svg: what is soldered around any board, with values from the parts list.

Pins have the names of what they do: which GPIO that is, the file in boards/ says, and the wiring.
"""

from collections.abc import Mapping

import schemdraw
from schemdraw import elements as elm

from vigie.hardware.bom import Part

_WIDTH = 2.2
"""Length of a part's symbol with its leads, in schemdraw's units."""


class _Sheet:
    """The drawing, and which parts it shows."""

    def __init__(self, parts: Mapping[str, Part]):
        self.drawing = schemdraw.Drawing(canvas="svg", show=False)
        self.drawing.config(unit=_WIDTH, fontsize=11, lw=1.3, margin=0.4)
        self._parts = parts
        self.shown: set[str] = set()

    def put(self, element: elm.Element) -> elm.Element:
        """Add an element."""
        self.drawing.add(element)
        return element

    def name(self, ref: str) -> str:
        """A part's label: its name, and its value below."""
        self.shown.add(ref)
        value = self._parts[ref].value or self._parts[ref].number
        return f"{ref}\n{value}"

    def pin(self, text: str, at: tuple[float, float]) -> None:
        """The mark of a pin of the board, with its tip at a place."""
        self.put(elm.Tag(width=2.4).at(at).left().label(text, fontsize=10))

    def plus(self, text: str, at: tuple[float, float]) -> None:
        """The mark of a supply."""
        self.put(elm.Vdd().at(at).label(text, fontsize=10))

    def ground(self, at: tuple[float, float]) -> None:
        """The mark of ground."""
        self.put(elm.Ground().at(at))

    def title(self, text: str, at: tuple[float, float]) -> None:
        """The heading of a block."""
        self.put(elm.Label().theta(0).at(at).label(text, "right", halign="left", fontsize=13))


def draw(parts: Mapping[str, Part]) -> tuple[str, frozenset[str]]:
    """The sheet as SVG, and the parts on it."""
    sheet = _Sheet(parts)
    _key(sheet, 0, 0)
    _switched(sheet, 9.5, 0, "Siren", "siren", ("LS1", "Q1", "CR1", "R3", "R4"))
    _switched(sheet, 21, 0, "Motor", "indicator", ("M1", "Q2", "CR2", "R5", "R6"), "R10")
    _divider(sheet, 0, -9)
    _microphone(sheet, 12, -9)
    _light(sheet, 21, -9)
    svg = sheet.drawing.get_imagedata("svg").decode()
    return svg, frozenset(sheet.shown)


def _key(sheet: _Sheet, x: float, y: float) -> None:
    sheet.title("Key", (x, y + 3.6))
    node = (x + 3.4, y)
    sheet.pin("key", (x, y))
    sheet.put(elm.Resistor().at((x, y)).to((x + 2.6, y)).label(sheet.name("R2")))
    sheet.put(elm.Line().at((x + 2.6, y)).to((x + 5, y)))
    sheet.put(elm.Dot().at(node))
    up = elm.Resistor().at(node).to((node[0], y + _WIDTH)).label(sheet.name("R1"), "bottom")
    sheet.put(up)
    sheet.plus("3V3", (node[0], y + _WIDTH))
    sheet.put(elm.Button().at(node).to((node[0], y - _WIDTH)).label(sheet.name("S1"), "top"))
    sheet.ground((node[0], y - _WIDTH))
    end = (x + 5, y)
    sheet.put(elm.DiodeTVS().at((end[0], y - _WIDTH)).to(end).label(sheet.name("CR3"), "bottom"))
    sheet.ground((end[0], y - _WIDTH))


def _switched(
    sheet: _Sheet,
    x: float,
    y: float,
    title: str,
    pin: str,
    refs: tuple[str, str, str, str, str],
    series: str = "",
) -> None:
    load, transistor, diode, gate, down = refs
    sheet.title(title, (x, y + 3.6))
    sheet.pin(pin, (x, y))
    sheet.put(elm.Resistor().at((x, y)).to((x + 2.6, y)).label(sheet.name(gate)))
    node = (x + 2.8, y)
    sheet.put(elm.Line().at((x + 2.6, y)).to(node))
    sheet.put(elm.Dot().at(node))
    sheet.put(elm.Resistor().at(node).to((node[0], y - _WIDTH)).label(sheet.name(down), "top"))
    sheet.ground((node[0], y - _WIDTH))
    fet = elm.NFet(bulk=False).theta(0).anchor("gate").at((x + 3.4, y)).reverse()
    sheet.put(fet.label(sheet.name(transistor), "right"))
    sheet.put(elm.Line().at(node).to((x + 3.4, y)))
    drain, source = fet.absanchors["drain"], fet.absanchors["source"]
    top = y + 3.2
    sheet.put(elm.Line().at(source).to((source[0], y - _WIDTH)))
    sheet.ground((source[0], y - _WIDTH))
    sheet.put(
        elm.Inductor2()
        .at((drain[0], top))
        .to((drain[0], drain[1]))
        .label(sheet.name(load), "bottom")
    )
    supply = (drain[0], top)
    if series:
        supply = (drain[0], top + _WIDTH)
        sheet.put(
            elm.Resistor().at((drain[0], top)).to(supply).label(sheet.name(series), "bottom")
        )
    sheet.plus("BAT+", supply)
    side = drain[0] + 3.6
    sheet.put(elm.Line().at((drain[0], top)).to((side, top)))
    sheet.put(
        elm.Schottky().at((side, drain[1])).to((side, top)).label(sheet.name(diode), "bottom")
    )
    sheet.put(elm.Line().at((side, drain[1])).to((drain[0], drain[1])))
    sheet.put(elm.Dot().at((drain[0], top)))
    sheet.put(elm.Dot().at((drain[0], drain[1])))


def _divider(sheet: _Sheet, x: float, y: float) -> None:
    sheet.title("Cell and its measurement", (x, y + 4))
    top, middle, bottom = y + 2.6, y, y - 2.6
    sheet.pin("battery", (x, middle))
    sheet.put(elm.Line().at((x, middle)).to((x + 3, middle)))
    sheet.put(
        elm.Capacitor().at((x + 1, middle)).to((x + 1, bottom)).label(sheet.name("C1"), "top")
    )
    sheet.ground((x + 1, bottom))
    sheet.put(elm.Dot().at((x + 1, middle)))
    sheet.put(
        elm.Resistor().at((x + 3, top)).to((x + 3, middle)).label(sheet.name("R7"), "bottom")
    )
    sheet.put(elm.Dot().at((x + 3, middle)))
    sheet.put(
        elm.Resistor().at((x + 3, middle)).to((x + 3, bottom)).label(sheet.name("R8"), "bottom")
    )
    sheet.ground((x + 3, bottom))
    sheet.plus("BAT+", (x + 3, top))
    sheet.put(elm.Line().at((x + 3, top)).to((x + 6.8, top)))
    sheet.put(elm.Dot().at((x + 3, top)))
    sheet.put(
        elm.Capacitor2(polar=True)
        .at((x + 4.8, top))
        .to((x + 4.8, bottom))
        .label(sheet.name("C2"), "bottom")
    )
    sheet.put(elm.Dot().at((x + 4.8, top)))
    sheet.ground((x + 4.8, bottom))
    sheet.put(
        elm.BatteryCell()
        .at((x + 6.8, top))
        .to((x + 6.8, bottom))
        .label(f"{sheet.name('BT1')}\nplug J1", "bottom")
    )
    sheet.shown.add("J1")
    sheet.ground((x + 6.8, bottom))


def _microphone(sheet: _Sheet, x: float, y: float) -> None:
    sheet.title("Microphone", (x, y + 4))
    pins = [
        elm.IcPin(name=name, side="left", slot=f"{n}/4", anchorname=name)
        for n, name in enumerate(("SEL", "DOUT", "LRCL", "BCLK"), 1)
    ]
    pins += [
        elm.IcPin(name="3V", side="top", anchorname="supply"),
        elm.IcPin(name="GND", side="bottom", anchorname="ground"),
    ]
    chip = elm.Ic(pins=pins, size=(3.4, 4.4), leadlen=0.7).theta(0).at((x + 1.4, y + 1.2))
    chip.anchor("BCLK")
    sheet.put(chip.label(sheet.name("MK1"), "center", fontsize=11))
    for name, pin in (
        ("BCLK", "microphone sck"),
        ("LRCL", "microphone ws"),
        ("DOUT", "microphone sd"),
    ):
        place = chip.absanchors[name]
        sheet.put(elm.Tag(width=3.4).at(place).left().label(pin, fontsize=10))
    for name in ("SEL", "ground"):
        sheet.ground(tuple(chip.absanchors[name]))
    sheet.plus("3V3", tuple(chip.absanchors["supply"]))


def _light(sheet: _Sheet, x: float, y: float) -> None:
    sheet.title("Light, on the bench in place of the motor", (x, y + 4))
    sheet.pin("indicator", (x, y))
    sheet.put(elm.Resistor().at((x, y)).to((x + 2.6, y)).label(sheet.name("R9")))
    sheet.put(
        elm.LED().at((x + 2.6, y)).to((x + 2.6, y - _WIDTH)).label(sheet.name("LED1"), "bottom")
    )
    sheet.ground((x + 2.6, y - _WIDTH))
