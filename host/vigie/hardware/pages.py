"""Every generated file of hardware/ that needs no program beside Python."""

from pathlib import Path

from vigie.boards import spec
from vigie.hardware import bom, case, modules, power_data, power_page, schematic, wiring
from vigie.paths import HARDWARE


def made() -> dict[Path, str]:
    """Each file and its text, from what is in hardware/ and boards/ now.

    Raises:
        VigieError: a file is wrong; it names the line.
    """
    parts = bom.load()
    refs = bom.by_ref(parts)
    drawing, _ = schematic.draw(refs)
    files = {
        HARDWARE / "bom.md": bom.page(parts),
        HARDWARE / "power.md": power_page.page(power_data.load(parts)),
        HARDWARE / "schematic.svg": drawing,
        case.PARAMETERS: case.as_openscad(case.load()),
    }
    for name in spec.names():
        text = wiring.as_yaml(spec.load(name), modules.module(name), refs)
        files[wiring_file(name)] = text
    return files


def wiring_file(board: str) -> Path:
    """Where the wires of a board are written down."""
    return HARDWARE / "wiring" / f"{board}.yml"
