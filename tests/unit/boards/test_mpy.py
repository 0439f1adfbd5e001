"""The firmware compiles with the chip's own compiler."""

from pathlib import Path

import pytest

from vigie.boards.firmware import sources
from vigie.boards.mpy import compile_file, compiled
from vigie.errors import VigieError


@pytest.mark.parametrize("march", ["xtensawin", "rv32imc"])
def test_the_firmware_compiles_for_every_chip(march: str, tmp_path: Path) -> None:
    for name, source in sources().items():
        compile_file(source, name, tmp_path / f"{name}.mpy", march)


def test_a_source_that_does_not_compile_is_named_with_its_line(tmp_path: Path) -> None:
    source = tmp_path / "wrong.py"
    source.write_text("x = 1\ndef f(:\n")
    with pytest.raises(VigieError) as caught:
        compile_file(source, "wrong.py", tmp_path / "wrong.mpy")
    assert "line 2" in caught.value.what
    with pytest.raises(VigieError):
        compiled({"wrong.py": source})


def test_compiling_twice_gives_the_same_folder(tmp_path: Path) -> None:
    source = tmp_path / "m.py"
    source.write_text("X = 1\n")
    first = compiled({"m.py": source})
    assert compiled({"m.py": source}) == first
    source.write_text("X = 2\n")
    assert compiled({"m.py": source}) != first
