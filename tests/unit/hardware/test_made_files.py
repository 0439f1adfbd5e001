"""What is generated in hardware/ was generated from what is there now."""

from pathlib import Path

import pytest

from vigie.boards import spec
from vigie.hardware import case, stl
from vigie.hardware.pages import made, wiring_file
from vigie.hardware.programs import fingerprint, is_fresh_wiring
from vigie.paths import HARDWARE

MADE = made()


@pytest.mark.parametrize("file", MADE, ids=lambda f: f.name)
def test_a_page_is_as_its_data(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == MADE[file], "make it again: vigie hardware pages"


@pytest.mark.parametrize("board", spec.names())
def test_the_picture_of_a_boards_wires_was_drawn_from_them(board: str) -> None:
    assert is_fresh_wiring(wiring_file(board)), "draw it again: vigie hardware wiring"


def test_there_are_wires_of_boards_only() -> None:
    drawn = {file.stem for file in (HARDWARE / "wiring").iterdir() if file.suffix != ".md"}
    assert drawn == set(spec.names())


@pytest.mark.parametrize("piece", case.STL)
def test_a_solid_was_built_from_the_model(piece: str) -> None:
    mark, _ = stl.read_binary(case.STL[piece])
    assert mark == fingerprint(*case.SOURCES), "build it again: vigie hardware case"


@pytest.mark.parametrize("picture", case.PICTURES.values(), ids=lambda f: f.name)
def test_the_case_has_its_pictures(picture: Path) -> None:
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert f"({picture.name})" in (case.FOLDER / "README.md").read_text(encoding="utf-8")


def test_a_page_that_its_data_left_behind_is_noticed(tmp_path: Path) -> None:
    wires = tmp_path / "b.yml"
    wires.write_text("connectors: {}")
    assert not is_fresh_wiring(wires)
    wires.with_suffix(".svg").write_text(f"<svg/><!-- made from {fingerprint(wires)} -->")
    assert is_fresh_wiring(wires)
    wires.write_text("connectors: {a: {}}")
    assert not is_fresh_wiring(wires)
