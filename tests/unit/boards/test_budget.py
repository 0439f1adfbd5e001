"""Whether the firmware fits a chip is arithmetic, and a refusal says what to do."""

from dataclasses import replace

import pytest

from vigie.boards import budget, spec
from vigie.boards.budget import Code, check_fits, need
from vigie.boards.device import Device
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.paths import FIRMWARE

PLAIN_KIB = 109
"""111,936 bytes: the heap of a plain ESP32 with Bluetooth on."""


def plain(*, microphone: bool = True, preroll_s: int = 0, rate_hz: int = 16000) -> BoardSpec:
    board = replace(spec.load("virtual"), heap_kib=PLAIN_KIB)
    assert board.microphone
    heard = replace(board.microphone, preroll_s=preroll_s, rate_hz=rate_hz)
    return replace(board, microphone=heard if microphone else None)


def refusal(board: BoardSpec, code: Code, compiled: Code | None = None) -> str:
    with pytest.raises(VigieError) as caught:
        check_fits(board, code, compiled)
    return str(caught.value)


def test_the_buffers_are_those_that_the_firmware_makes() -> None:
    # Read, not imported: it runs in MicroPython only.
    text = (FIRMWARE / "button" / "services" / "sound.py").read_text()
    assert f"\nWORKING_BLOCKS = {budget.BLOCKS}\n" in text
    assert f"\nWORKING_BLOCKS_BESIDE_PREROLL = {budget.BLOCKS_BESIDE_PREROLL}\n" in text


@pytest.mark.parametrize(
    ("preroll_s", "rate_hz", "blocks"), [(0, 16000, 12), (1, 16000, 8), (8, 8000, 20)]
)
def test_sound_takes_its_ring_and_eight_kib(preroll_s: int, rate_hz: int, blocks: int) -> None:
    heard = plain(preroll_s=preroll_s, rate_hz=rate_hz).microphone
    assert heard and budget.sound_kib(heard) == blocks * 2 + 8


@pytest.mark.parametrize(
    ("microphone", "code", "kib"),
    [
        (True, Code.IMAGE, 75),
        (False, Code.IMAGE, 43),
        (True, Code.FILES, 126),
        (False, Code.FILES, 74),
        (True, Code.SOURCES, 151),
        (False, Code.SOURCES, 99),
    ],
)
def test_what_the_firmware_takes(microphone: bool, code: Code, kib: int) -> None:
    assert need(plain(microphone=microphone), code).total_kib == kib


def test_a_plain_esp32_hears_only_with_an_image() -> None:
    check_fits(plain(), Code.IMAGE)
    check_fits(plain(microphone=False), Code.FILES)
    said = refusal(plain(), Code.FILES, Code.FILES)
    assert "From compiled files the firmware takes 126 KiB of heap, and virtual has 109" in said
    assert "`vigie flash` an image with the firmware inside" in said
    assert "leave [microphone] out" in said


def test_too_long_a_preroll_is_named() -> None:
    said = refusal(plain(preroll_s=20), Code.IMAGE)
    assert "make preroll_s less than its 20 seconds" in said
    assert "vigie flash" not in said


def test_without_any_way_out_another_board_is_advised() -> None:
    assert "more heap" in refusal(replace(plain(microphone=False), heap_kib=30), Code.FILES)


def test_sources_are_left_out_where_compiled_files_fit() -> None:
    board = replace(plain(), heap_kib=130)
    assert "Leave --source out" in refusal(board, Code.SOURCES, Code.FILES)
    assert "Leave --source out" not in refusal(plain(), Code.SOURCES, Code.FILES)


@pytest.mark.parametrize(
    ("machine", "has_firmware", "files", "source", "code"),
    [
        ("virtual board with ESP32", False, False, False, Code.IMAGE),
        ("virtual board with ESP32", False, False, True, Code.SOURCES),
        ("Generic ESP32 module with ESP32", False, False, False, Code.FILES),
        ("Generic ESP32 module with ESP32", True, False, False, Code.IMAGE),
        ("Generic ESP32 module with ESP32", True, True, False, Code.FILES),
        ("Generic ESP32 module with ESP32", True, True, True, Code.SOURCES),
    ],
)
def test_where_the_code_comes_from(
    machine: str, has_firmware: bool, files: bool, source: bool, code: Code
) -> None:
    device = Device(machine, "xtensawin", has_firmware)
    assert device.code(files=files, source=source) is code


@pytest.mark.parametrize(
    ("machine", "chip"),
    [
        ("Generic ESP32 module with ESP32", "esp32"),
        ("Seeed XIAO ESP32C6 with ESP32-C6", "esp32c6"),
        ("ESP32C3 module with ESP32C3", "esp32c3"),
        ("Raspberry Pi Pico with RP2040", ""),
        ("a", ""),
    ],
)
def test_the_chip_is_in_the_name_of_the_machine(machine: str, chip: str) -> None:
    assert Device(machine, "").chip == chip


def test_a_board_file_for_another_chip_is_refused() -> None:
    device = Device("Seeed XIAO ESP32C6 with ESP32-C6", "rv32imc")
    device.check_is(spec.load("xiao_esp32c6"))
    Device("Raspberry Pi Pico with RP2040", "").check_is(spec.load("virtual"))
    with pytest.raises(VigieError, match="virtual is for the chip esp32") as caught:
        device.check_is(spec.load("virtual"))
    assert "--board" in caught.value.hint
