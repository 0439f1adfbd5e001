"""What a button is made of: the generated pages, wiring and case of hardware/."""

from vigie.errors import VigieError
from vigie.paths import HARDWARE


def pages() -> None:
    """Make every page that needs no other program: parts, power, schematic, lists of wires.

    Example: `vigie hardware pages`
    """
    try:
        from vigie.hardware.pages import made
    except ModuleNotFoundError as e:
        raise VigieError(
            f"There is no Python package '{e.name}' here.", "Run make setup: it installs it."
        ) from None
    for file, text in made().items():
        file.write_text(text, encoding="utf-8")
        print(file.relative_to(HARDWARE))


def wiring() -> None:
    """Draw the wires of every board, with WireViz and Graphviz.

    Example: `vigie hardware pages && vigie hardware wiring`
    """
    from vigie.hardware.programs import draw_wiring

    for source in sorted((HARDWARE / "wiring").glob("*.yml")):
        print(draw_wiring(source).relative_to(HARDWARE))


def case() -> None:
    """Build the case and its picture, with OpenSCAD.

    Example: `vigie hardware pages && vigie hardware case`
    """
    from vigie.hardware.programs import build_case

    for file in build_case():
        print(file.relative_to(HARDWARE))


COMMANDS = {"pages": pages, "wiring": wiring, "case": case}
