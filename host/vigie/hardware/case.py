"""The case: the parts in it with their places, as data and as parameters of the OpenSCAD model."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vigie.hardware.markdown import GENERATED
from vigie.paths import HARDWARE
from vigie.reading.toml_table import Table, load_toml

FOLDER = HARDWARE / "enclosure"
FILE = FOLDER / "parts.toml"
PARAMETERS = FOLDER / "parts.scad"
MODEL = FOLDER / "case.scad"
SOURCES = (PARAMETERS, MODEL)
STL = {name: FOLDER / f"{name}.stl" for name in ("tray", "lid", "cap")}
PICTURES = {name: FOLDER / f"{name}.png" for name in ("exploded", "closed")}
LIMIT_MM = (35.0, 35.0, 14.0)
_SEE = "hardware/enclosure/parts.toml explains its fields on top."
_AXES = ("x", "y", "z")


@dataclass(frozen=True, slots=True)
class Body:
    """A part in the case: a box that it does not leave. Millimetres; at: its least corner."""

    name: str
    at: tuple[float, float, float]
    size: tuple[float, float, float]
    source: str

    @property
    def least(self) -> NDArray[np.float64]:
        """The least corner."""
        return np.array(self.at)

    @property
    def most(self) -> NDArray[np.float64]:
        """The greatest corner."""
        return np.array(self.at) + np.array(self.size)

    def overlaps(self, other: "Body") -> bool:
        """Whether they share room; touching is no overlap."""
        gap = 1e-6
        return bool(((self.least < other.most - gap) & (other.least < self.most - gap)).all())


@dataclass(frozen=True, slots=True)
class Case:
    """The parameters of the model, in the file's order, and what is inside."""

    parameters: dict[str, float]
    bodies: tuple[Body, ...]


def load(path: Path = FILE) -> Case:
    """The case as the file has it.

    Raises:
        VigieError: the file is wrong; it names the line.
    """
    file = load_toml(path, 64 * 1024, "list of parts", _SEE)
    file.allow("case", "part")
    table = file.table("case", _SEE)
    table.allow(*_PARAMETERS)
    return Case(
        {name: table.number(name, _SEE) for name in _PARAMETERS},
        tuple(_body(entry) for entry in file.tables("part", _SEE)),
    )


def as_openscad(case: Case) -> str:
    """The parameters as definitions that the model includes."""
    note = GENERATED.format(source="parts.toml").removeprefix("<!-- ").removesuffix(" -->")
    lines = [f"// {note}"]
    lines += [f"{name} = {value:g};" for name, value in case.parameters.items()]
    for body in case.bodies:
        lines.append(f"{body.name}_at = [{', '.join(f'{v:g}' for v in body.at)}];")
        lines.append(f"{body.name}_size = [{', '.join(f'{v:g}' for v in body.size)}];")
    return "\n".join(lines) + "\n"


_PARAMETERS = (
    *("width", "depth", "height", "wall", "floor", "lid", "corner"),
    *("cap_top", "key_free_travel", "key_stop", "fit"),
    *("microphone_port_x", "microphone_port_y"),
)


def _body(entry: Table) -> Body:
    entry.allow("name", "at", "size", "source")
    at, size = entry.table("at", _SEE), entry.table("size", _SEE)
    for table in (at, size):
        table.allow(*_AXES)
    x, y, z = (at.number(axis, _SEE) for axis in _AXES)
    wide, deep, high = (size.number(axis, _SEE) for axis in _AXES)
    if min(wide, deep, high) <= 0:
        raise entry.error("a size is not more than 0", "Give millimetres.", "size")
    return Body(
        entry.text("name", _SEE), (x, y, z), (wide, deep, high), entry.text("source", _SEE)
    )
