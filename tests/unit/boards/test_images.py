"""Board definitions for MicroPython: their names agree, what they freeze is there and compiles."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from vigie.boards import spec
from vigie.boards.chips import CHIPS
from vigie.boards.firmware import sources
from vigie.boards.image import ImageSpec
from vigie.boards.mpy import compiled
from vigie.boards.spec import BoardSpec
from vigie.paths import FIRMWARE

DEFINITIONS = FIRMWARE / "boards"
REAL = [name for name in spec.names() if spec.load(name).micropython]


def definition(name: str) -> tuple[BoardSpec, ImageSpec, Path]:
    board = spec.load(name)
    assert board.micropython
    return board, board.micropython, DEFINITIONS / board.micropython.custom


def frozen(manifest: Path) -> tuple[dict[str, Path], list[str]]:
    """The files that a manifest freezes, and what it takes from MicroPython, by its rules.

    A manifest runs in its own folder, and `include` runs another in that one's.
    """
    files: dict[str, Path] = {}
    foreign: list[str] = []

    def add(name: str, path: Path) -> None:
        assert path.is_file(), path
        assert name not in files, f"{name} is there twice"
        files[name] = path.resolve()

    def package(name: str, base_path: str = ".") -> None:
        for path in sorted(Path(base_path, name).rglob("*.py")):
            add(path.relative_to(base_path).as_posix(), path)

    def module(name: str, base_path: str = ".") -> None:
        add(name, Path(base_path, name))

    def include(name: str) -> None:
        if name.startswith("$("):
            foreign.append(name)
            return
        assert Path(name).suffix == ".py", "a folder needs $(...) or manifest.py in its name"
        run(Path(name))

    language: dict[str, Callable[..., None]] = {
        "package": package, "module": module, "include": include, "freeze": foreign.append,
    }  # fmt: skip

    def run(path: Path) -> None:
        before = Path.cwd()
        text = path.read_text()
        os.chdir(path.parent)
        try:
            exec(compile(text, path, "exec"), dict(language))
        finally:
            os.chdir(before)

    run(manifest)
    return files, foreign


def test_every_real_board_has_a_definition_and_every_definition_a_board() -> None:
    folders = {path.name for path in DEFINITIONS.iterdir() if path.is_dir()}
    assert folders == {definition(name)[1].custom for name in REAL}
    for name in REAL:
        assert definition(name)[1].custom == f"VIGIE_{name.upper()}"


def test_an_image_has_exactly_the_device_files_inside() -> None:
    files, foreign = frozen(DEFINITIONS / "manifest.py")
    assert files == {name: path.resolve() for name, path in sources().items()}
    assert "main.py" in files
    assert foreign == ["$(PORT_DIR)/modules", "$(MPY_DIR)/extmod/asyncio"]


@pytest.mark.parametrize("march", sorted({chip.architecture for chip in CHIPS.values()}))
def test_every_device_file_compiles_for_the_chips(march: str) -> None:
    folder = compiled(sources(), march)
    assert {path.relative_to(folder).with_suffix(".py").as_posix()
            for path in folder.rglob("*.mpy")} == set(sources())  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_the_definition_is_of_the_boards_chip(name: str) -> None:
    board, image, folder = definition(name)
    cmake = (folder / "mpconfigboard.cmake").read_text()
    header = (folder / "mpconfigboard.h").read_text()
    assert f"set(IDF_TARGET {board.chip})" in cmake
    assert f"boards/{name}.toml" in cmake
    assert f'#define MICROPY_HW_MCU_NAME "{board.chip.upper()}"' in header
    assert ("MICROPY_HW_ENABLE_UART_REPL (1)" in header) == (
        image.console == "serial" and bool(board.chip_facts.usb)
    )
    (manifest,) = re.findall(r"set\(MICROPY_FROZEN_MANIFEST \$\{MICROPY_BOARD_DIR\}/(.*)\)", cmake)
    assert (folder / manifest).resolve() == DEFINITIONS / "manifest.py"
    assert "${MICROPY_BOARD_DIR}/sdkconfig.board" in cmake


@pytest.mark.parametrize("name", REAL)
def test_the_radio_sleeps_and_sound_outlives_an_erased_page(name: str) -> None:
    board, _, folder = definition(name)
    lines = (folder / "sdkconfig.board").read_text().splitlines()
    sleep = {"esp32": "BTDM_CTRL_MODEM_SLEEP", "esp32c6": "BT_LE_SLEEP_ENABLE"}
    assert f"CONFIG_{sleep.get(board.chip, 'BT_CTRL_MODEM_SLEEP')}=y" in lines
    # With PSRAM the heap is there, and the first option refuses the I2S object that is on it.
    has_psram = board.psram != "none"
    assert ("CONFIG_I2S_ISR_IRAM_SAFE=y" in lines) != has_psram
    assert ("CONFIG_SPIRAM_XIP_FROM_PSRAM=y" in lines) == has_psram
    assert ("CONFIG_SPIRAM_MODE_OCT=y" in lines) == (board.psram == "octal")


@pytest.mark.parametrize("name", REAL)
def test_a_published_image_is_for_the_same_chip(name: str) -> None:
    board, image, _ = definition(name)
    family = "ESP32_GENERIC" + {"esp32": ""}.get(board.chip, f"_{board.chip[5:].upper()}")
    assert image.board.split("-")[0] in (family, f"SEEED_XIAO_{board.chip.upper()}")
