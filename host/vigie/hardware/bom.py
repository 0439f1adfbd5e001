"""The parts of a button, from hardware/bom.toml, and the page that lists them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from vigie.hardware.markdown import GENERATED, table
from vigie.paths import HARDWARE
from vigie.reading.toml_table import Table, load_toml

FILE = HARDWARE / "bom.toml"
_SEE = "hardware/bom.toml explains its fields on top."
_NUMBERS = ("ohms", "farads", "price_usd")


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the list.

    refs: its names in the schematic, one a piece.
    purpose: what it is for.
    ohms, farads: its value, if it is a resistor or a capacitor.
    price_usd, price_from: None and "" where nobody knows one.
    """

    refs: tuple[str, ...]
    name: str
    maker: str
    number: str
    purpose: str
    alternative: str
    source: str
    ohms: float | None
    farads: float | None
    price_usd: float | None
    price_from: str

    @property
    def value(self) -> str:
        """As printed in a schematic: "2.7 kΩ", "100 nF", or "" for other parts."""
        if self.ohms is not None:
            return with_prefix(self.ohms, "Ω")
        return with_prefix(self.farads, "F") if self.farads is not None else ""


def load(path: Path = FILE) -> list[Part]:
    """Every part, in the order of the file.

    Raises:
        VigieError: the file is wrong, or two parts have one name; it names the line.
    """
    file = load_toml(path, 64 * 1024, "list of parts", _SEE)
    file.allow("part")
    parts: list[Part] = []
    for entry in file.tables("part", _SEE):
        part = _part(entry)
        taken = {ref for other in parts for ref in other.refs}
        for ref in part.refs:
            if ref in taken:
                raise entry.error(f"{ref} is another part already", "Count on.", "refs")
        parts.append(part)
    return parts


def by_ref(parts: Sequence[Part]) -> dict[str, Part]:
    """The parts by their names in the schematic."""
    return {ref: part for part in parts for ref in part.refs}


def with_prefix(value: float, unit: str) -> str:
    """A positive value with the prefix that engineers use: 2700 and "Ω" are "2.7 kΩ"."""
    prefixes = ((1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"))
    for size, prefix in prefixes:
        if value >= size * (1 - 1e-9):
            return f"{value / size:.3g} {prefix}{unit}"
    return f"{value / 1e-12:.3g} p{unit}"


def page(parts: Sequence[Part]) -> str:
    """hardware/bom.md."""
    priced = [part for part in parts if part.price_usd is not None]
    total = sum(part.price_usd or 0 for part in priced)
    return "\n".join(
        [
            "# Bill of materials",
            "",
            GENERATED.format(source="bom.toml"),
            "For one button. The names are those of [schematic.svg](schematic.svg).",
            "",
            *table(
                ("name", "part", "maker, number", "what it is for", "instead"),
                [
                    (", ".join(part.refs), *_what(part), part.purpose, part.alternative)
                    for part in parts
                ],
            ),
            "",
            "## Prices",
            f"Known are {len(priced)} of {len(parts)} lines, {total:.2f} USD together; an "
            "estimate for all parts of a hand-built piece, without a source, is 18 to 25 EUR. "
            "Nobody has bought this list.",
            "",
            *table(
                ("", "USD", "from"),
                [
                    (", ".join(part.refs), f"{part.price_usd:.2f}", part.price_from)
                    for part in priced
                ],
            ),
            "",
            "## Sources",
            *(f"- {', '.join(part.refs)}: {part.source}" for part in parts),
            "",
        ]
    )


def _what(part: Part) -> Iterator[str]:
    pieces = f"{len(part.refs)} x " if len(part.refs) > 1 else ""
    yield f"{pieces}{part.value + ' ' if part.value else ''}{part.name}"
    yield f"{part.maker}, {part.number}"


def _part(entry: Table) -> Part:
    known = {"purpose": "for"}
    entry.allow(*(known.get(f.name, f.name) for f in fields(Part)))
    ohms, farads, price = (entry.number(key, _SEE) if key in entry else None for key in _NUMBERS)
    for key, value in zip(_NUMBERS, (ohms, farads, price), strict=True):
        if value is not None and not 0 < value < 1e9:
            raise entry.error(f"{key} is {value:g}", "Give a positive number.", key)
    return Part(
        refs=tuple(entry.text("refs", _SEE).split(", ")),
        name=entry.text("name", _SEE),
        maker=entry.text("maker", _SEE),
        number=entry.text("number", _SEE),
        purpose=entry.text("for", _SEE),
        alternative=entry.text("alternative", _SEE),
        source=entry.text("source", _SEE),
        ohms=ohms,
        farads=farads,
        price_usd=price,
        price_from=entry.text("price_from", _SEE) if price is not None else "",
    )
