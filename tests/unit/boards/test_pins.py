"""Every kind of wrong pin is refused: where, why, and which pins would do."""

import re
from pathlib import Path

import pytest

from vigie.boards import spec
from vigie.boards.chips import CHIPS, Chip, pins_of
from vigie.boards.wiring import wiring
from vigie.errors import VigieError
from vigie.paths import BOARDS


def pin_line(part: str, pin: int, key: str = "pin") -> tuple[str, str]:
    """A change of a board file: what to find, what to put there."""
    return rf"(?ms)(^\[{part}\].*?^{key} = )\d+", rf"\g<1>{pin}"


def error_of(folder: Path, board: str, change: tuple[str, str]) -> tuple[str, str, str]:
    """The line that is named, what is said of the changed file, and what to do."""
    text = (BOARDS / f"{board}.toml").read_text()
    changed, n = re.subn(*change, text, count=1)
    assert n == 1
    file = folder / "board.toml"
    file.write_text(changed)
    with pytest.raises(VigieError) as caught:
        spec.load(str(file))
    what = caught.value.what
    place = re.match(rf"{re.escape(str(file))}:(\d+): ", what)
    assert place, what
    line = changed.splitlines()[int(place[1]) - 1]
    return line, what[place.end() :], caught.value.hint


WRONG = [
    # (board, part, key, pin, why)
    ("devkit_esp32", "key", "pin", 24, "the esp32 has no pin 24"),
    ("devkit_esp32", "key", "pin", 6, "pin 6 of the esp32 leads to the flash chip"),
    ("devkit_esp32", "siren", "pin", 11, "pin 11 of the esp32 leads to the flash chip"),
    ("devkit_esp32", "key", "pin", 0, "pin 0 of the esp32 decides at a reset how it starts"),
    ("devkit_esp32", "key", "pin", 12, "pin 12 of the esp32 decides at a reset how it starts"),
    ("devkit_esp32", "siren", "pin", 2, "pin 2 of the esp32 decides at a reset how it starts"),
    ("devkit_esp32", "key", "pin", 18, "pin 18 of the esp32 cannot wake it from deep sleep"),
    ("devkit_esp32", "key", "pin", 3, "pin 3 of the esp32 is its serial console"),
    ("devkit_esp32", "siren", "pin", 1, "pin 1 of the esp32 is its serial console"),
    ("devkit_esp32", "siren", "pin", 35, "the esp32 cannot drive its pin 35"),
    ("devkit_esp32", "siren", "pin", 37, "the board does not bring out pin 37"),
    ("devkit_esp32", "battery", "pin", 27, "pin 27 of the esp32 is on its second converter"),
    ("devkit_esp32", "battery", "pin", 18, "the esp32 cannot measure at its pin 18"),
    ("devkit_esp32", "indicator", "pin", 25, "pin 25 is the siren's already"),
    ("devkit_esp32", "battery", "pin", 33, "pin 33 is the key's already"),
    ("devkit_esp32s3", "siren", "pin", 22, "the esp32s3 has no pin 22"),
    ("devkit_esp32s3", "siren", "pin", 30, "pin 30 of the esp32s3 leads to the flash chip"),
    ("devkit_esp32s3", "siren", "pin", 35, "pin 35 of the esp32s3 leads to the PSRAM"),
    ("devkit_esp32s3", "microphone", "sck", 37, "pin 37 of the esp32s3 leads to the PSRAM"),
    ("devkit_esp32s3", "siren", "pin", 19, "pin 19 of the esp32s3 is its USB port"),
    ("devkit_esp32s3", "key", "pin", 20, "pin 20 of the esp32s3 is its USB port"),
    ("devkit_esp32s3", "key", "pin", 3, "pin 3 of the esp32s3 decides at a reset"),
    ("devkit_esp32s3", "siren", "pin", 46, "pin 46 of the esp32s3 decides at a reset"),
    ("devkit_esp32s3", "key", "pin", 21, ""),
    ("devkit_esp32s3", "key", "pin", 39, "pin 39 of the esp32s3 cannot wake it"),
    ("devkit_esp32s3", "siren", "pin", 43, "pin 43 of the esp32s3 is its serial console"),
    ("devkit_esp32s3", "indicator", "pin", 48, "the board itself uses pin 48: the coloured"),
    ("devkit_esp32s3", "battery", "pin", 12, "pin 12 of the esp32s3 is on its second converter"),
    ("devkit_esp32s3", "microphone", "sd", 5, "pin 5 is the microphone's already"),
    ("xiao_esp32s3", "indicator", "pin", 21, "the board itself uses pin 21: the light"),
    ("xiao_esp32s3", "siren", "pin", 10, "the board does not bring out pin 10"),
    ("xiao_esp32s3", "siren", "pin", 43, "pin 43 of the esp32s3 chatters at every reset"),
    ("xiao_esp32s3", "microphone", "sd", 43, ""),
    ("xiao_esp32c6", "key", "pin", 21, "pin 21 of the esp32c6 cannot wake it"),
    ("xiao_esp32c6", "key", "pin", 9, "pin 9 of the esp32c6 decides at a reset"),
    ("xiao_esp32c6", "indicator", "pin", 15, "pin 15 of the esp32c6 decides at a reset"),
    ("xiao_esp32c6", "siren", "pin", 25, "pin 25 of the esp32c6 leads to the flash chip"),
    ("xiao_esp32c6", "siren", "pin", 12, "pin 12 of the esp32c6 is its USB port"),
    ("xiao_esp32c6", "siren", "pin", 3, "the board does not bring out pin 3"),
    ("xiao_esp32c6", "siren", "pin", 11, "pin 11 of the esp32c6 is not brought out"),
    ("xiao_esp32c6", "battery", "pin", 18, "the esp32c6 cannot measure at its pin 18"),
    ("xiao_esp32c3", "key", "pin", 9, "pin 9 of the esp32c3 decides at a reset"),
    ("xiao_esp32c3", "key", "pin", 6, "pin 6 of the esp32c3 cannot wake it"),
    ("xiao_esp32c3", "siren", "pin", 21, "pin 21 of the esp32c3 chatters at every reset"),
    ("xiao_esp32c3", "siren", "pin", 11, "pin 11 of the esp32c3 is the flash chip's supply"),
    ("xiao_esp32c3", "siren", "pin", 18, "pin 18 of the esp32c3 is its USB port"),
    ("xiao_esp32c3", "battery", "pin", 5, "pin 5 of the esp32c3 is on its second converter"),
    ("xiao_esp32c3", "siren", "pin", 1, "the board does not bring out pin 1"),
]


@pytest.mark.parametrize(
    ("board", "part", "key", "pin", "why"), [case for case in WRONG if case[4]]
)
def test_a_wrong_pin_is_refused_with_its_line_and_what_would_do(
    tmp_path: Path, board: str, part: str, key: str, pin: int, why: str
) -> None:
    line, what, hint = error_of(tmp_path, board, pin_line(part, pin, key))
    assert line.startswith(f"{key} = {pin}")
    assert what.startswith(why)
    possible = re.search(r"Possible here: ([\d, ]+)\.$", hint)
    assert possible, hint
    # What it proposes is accepted.
    for other in {possible[1].split(", ")[0], possible[1].split(", ")[-1]}:
        text = re.sub(*pin_line(part, int(other), key), (BOARDS / f"{board}.toml").read_text())
        if int(other) not in [w.pin for w in wiring(spec.load(board))]:
            (tmp_path / "good.toml").write_text(text)
            spec.load(str(tmp_path / "good.toml"))


@pytest.mark.parametrize(
    ("board", "part", "key", "pin"), [case[:4] for case in WRONG if not case[4]]
)
def test_a_pin_that_can_do_its_work_is_taken(
    tmp_path: Path, board: str, part: str, key: str, pin: int
) -> None:
    text = (BOARDS / f"{board}.toml").read_text()
    (tmp_path / "b.toml").write_text(re.sub(*pin_line(part, pin, key), text, count=1))
    spec.load(str(tmp_path / "b.toml"))


@pytest.mark.parametrize(
    ("low", "why"),
    [
        ("[3, 3]", "pin 3 is in the list twice"),
        ("[40]", "the esp32c6 has no pin 40"),
        ("[24]", "pin 24 of the esp32c6 leads to the flash chip"),
        ("[9]", "pin 9 of the esp32c6 decides at a reset"),
        ("3", "'low' is a whole number"),
        ("['3']", "'low' has a text in quotes, like \"this\" in it"),
    ],
)
def test_pins_of_the_start_are_checked_too(tmp_path: Path, low: str, why: str) -> None:
    line, what, _ = error_of(tmp_path, "xiao_esp32c6", (r"low = \[3, 14\]", f"low = {low}"))
    assert line.startswith("low = ")
    assert what.startswith(why)


def test_what_the_board_drives_at_its_start_no_part_can_have(tmp_path: Path) -> None:
    _, what, _ = error_of(tmp_path, "xiao_esp32c6", (r"low = \[3, 14\]", "low = [22]"))
    assert what == "pin 22 is the board's already"


@pytest.mark.parametrize(
    ("board", "old", "new", "why"),
    [
        ("xiao_esp32c3", "cell_mah = 450", "cell_mah = 250",
         "the board charges with 370 mA: dangerous for a cell of 250 mAh"),
        ("xiao_esp32c3", r"\[3500, 3680", "[3680, 3500", "curve_mv is not 6 rising voltages"),
        ("xiao_esp32c3", "curve_mv = .*", "curve_mv = [3500]", "curve_mv is not 6 rising"),
        ("xiao_esp32s3", 'psram = "octal"', 'psram = "hexadecimal"',
         "no module with this chip has PSRAM of kind 'hexadecimal'"),
        ("xiao_esp32c6", r"15 = ", "LED = ", "'LED' is no pin"),
        ("xiao_esp32c6", 'version = "1.28.0"', 'version = "1.27.0"',
         "MicroPython 1.27.0 is too old for the firmware"),
        ("xiao_esp32c6", 'version = "1.28.0"', 'version = "1.29.0"', "SEEED_XIAO_ESP32C6-2026"),
        ("xiao_esp32c6", 'file = "SEEED', 'file = "SEED', "SEED_XIAO_ESP32C6-20260406-v1.28.0.b"),
        ("xiao_esp32c6", 'file = "SEEED', 'file = "../SEEED', "file is '../SEEED"),
        ("xiao_esp32c6", '# sha256 = "..."', 'sha256 = "12"', "sha256 is '12'"),
        ("xiao_esp32c6", 'console = "usb"', 'console = "jtag"', "console is 'jtag'"),
        ("xiao_esp32c6", 'custom = "VIGIE', 'custom = "vigie', "custom is 'vigie_XIAO"),
    ],
)  # fmt: skip
def test_facts_that_cannot_be_are_refused(
    tmp_path: Path, board: str, old: str, new: str, why: str
) -> None:
    _, what, hint = error_of(tmp_path, board, (old, new))
    assert what.startswith(why)
    assert hint


def test_the_charge_of_a_cell_follows_its_curve() -> None:
    battery = spec.load("xiao_esp32s3").battery
    assert [battery.percent(mv) for mv in (3000, 3500, 3590, 3680, 4149, 4150, 4300)] == [
        *[0, 0, 10, 20, 99, 100, 100]
    ]
    assert spec.load("virtual").battery.percent(3900) is None


@pytest.mark.parametrize("chip", CHIPS.values(), ids=CHIPS)
def test_what_a_pin_can_do_implies_the_pin(chip: Chip) -> None:
    for some in (chip.inputs_only, chip.adc1, chip.adc2, chip.wake, chip.straps, chip.flash,
                 chip.usb, frozenset(chip.console), *chip.psram.values()):  # fmt: skip
        assert some <= chip.gpio
    assert not chip.adc1 & chip.adc2
    assert chip.i2s >= 1  # the firmware's microphone is on the first


def test_ranges_of_pins_include_both_ends() -> None:
    assert pins_of("0-2,8") == {0, 1, 2, 8}
    assert pins_of("") == set()
