"""Board files: what is wrong in them, or cannot work, is named with its line."""

import re
from pathlib import Path

import pytest

from vigie.boards import spec
from vigie.boards.firmware import device_files, render_config, sources
from vigie.errors import VigieError
from vigie.paths import BOARDS


def test_every_board_of_the_project_loads() -> None:
    assert "virtual" in spec.names()
    for name in spec.names():
        assert spec.load(name).name == name


def error_of(folder: Path, old: str, new: str) -> str:
    """What is said of the virtual board's file after a change; lines are counted from that."""
    text = (BOARDS / "virtual.toml").read_text()
    assert old in text
    file = folder / "board.toml"
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(VigieError) as caught:
        spec.load(str(file))
    assert caught.value.hint
    said = str(caught.value).replace(str(file), "FILE")
    changed = text[: text.index(old)].count("\n") + 1
    return re.sub(r"^FILE:(\d+)", lambda m: f"FILE:{int(m[1]) - changed:+}", said)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("pin = 33", "pin = '33'", "FILE:+0: 'pin' is a text in quotes"),
        ("pin = 33", "pin = true", "FILE:+0: 'pin' is true or false"),
        ("pin = 33", "pine = 33", "FILE:+0: unknown key 'pine'\n  Did you mean 'pin'?"),
        ("[siren]\npin = 25", "[siren]", "FILE:+0: [siren] has no 'pin'"),
        ("[key]", "[keys]", "FILE:+0: unknown key 'keys'\n  Did you mean 'key'?"),
        ('chip = "esp32"', "chip = esp32", "FILE:+0:8: is not valid TOML"),
        ("divider = 0.5", "divider = 'half'", "FILE:+0: 'divider' is a text in quotes"),
        ("pin = 33", "pin = " + "9" * 5000, "FILE: is not valid TOML: Exceeds the limit"),
        ("pin = 33", "pin = " + "[" * 3000, "FILE: brackets are nested too deep"),
        ("divider = 0.5", "divider = 1" + "0" * 400, "FILE:+0: 'divider' is too large a number"),
    ],
    ids=["text", "flag", "key", "missing", "table", "toml", "number", "digits", "deep", "huge"],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, error: str
) -> None:
    assert error_of(tmp_path, old, new).startswith(error)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('"virtual"', '\'x"""\'', 'FILE:+0: \'x"""\' is not a name for a board'),
        ('"esp32"', '"esp8266"', "FILE:+0: unknown chip 'esp8266'\n  Did you mean 'esp32c6'?"),
        ("heap_kib = 108", "heap_kib = 63", "FILE:+0: heap_kib is not in 64..16384"),
        ("heap_kib = 108", "heap_kib = 1000000", "FILE:+0: heap_kib is not in 64..16384"),
        (
            "pin = 33",
            "pin = 999",
            "FILE:+0: the esp32 has no pin 999\n  Possible here: 4, 13, 14, 25, 26, 27, 32, 33",
        ),
        ("pin = 33", "pin = -1", "FILE:+0: the esp32 has no pin -1"),
        ("pin = 33", "pin = 1" + "0" * 50, "FILE:+0: the esp32 has no pin 100000000000..."),
        ("pin = 33", "pin = 34", "FILE:+2: pin 34 has no pull resistor inside"),
        ("pin = 25", "pin = 35", "FILE:+0: the esp32 cannot drive its pin 35"),
        ("pin = 26", "pin = 25", "FILE:+0: pin 25 is the siren's already"),
        ("pin = 34", "pin = 27", "FILE:+0: pin 27 of the esp32 is on its second converter"),
        ('pull = "up"', 'pull = "x"', "FILE:+0: pull is 'x'\n  Known here: up, down, none."),
        ("divider = 0.5", "divider = 0", "FILE:+0: divider is 0, not more than 0 and up to 1"),
        ("divider = 0.5", "divider = 1.5", "FILE:+0: divider is 1.5, not more"),
        ("divider = 0.5", "divider = 1", "FILE:+0: a full cell gives 4300 mV at the pin, more"),
        ("divider = 0.5", "divider = nan", "FILE:+0: divider is nan, not more"),
        ("glitch_ms = 4", "glitch_ms = -4", "FILE:+0: glitch_ms = -4 is not in 0..14"),
        ("hz = 2700", "hz = 27", "FILE:+0: resonance_hz is not in 500..10000"),
        ("inmp441", "inmp442", "FILE:+0: unknown microphone 'inmp442'\n  Did you mean 'inmp441'?"),
        ("rate_hz = 16000", "rate_hz = 44100", "FILE:+0: rate_hz is 44100\n  Possible"),
        (
            'inmp441"      # or ics43434, sph0645\nsck = 18\nws = 19\nsd = 23\nrate_hz = 16000',
            'sph0645"\nsck = 18\nws = 19\nsd = 23\nrate_hz = 8000',
            "FILE:+4: rate_hz is 8000\n  Possible with this microphone: 16000.",
        ),
        ("sck = 18", "sck = 34", "FILE:+0: the esp32 cannot drive its pin 34"),
        ("sd = 23", "sd = 19", "FILE:+0: pin 19 is the microphone's already"),
        ("gain_bits = 4", "gain_bits = 9", "FILE:+0: gain_bits is not in 0..8"),
        ("preroll_s = 0", "preroll_s = -1", "FILE:+0: preroll_s is not in 0..120"),
        ("quota_kib = 1024", "quota_kib = 1", "FILE:+0: quota_kib is not in 64..8192"),
        ("gap_ms = 500", "gap_ms = 2000", "FILE:+0: gap_ms must be less than long_ms"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, old: str, new: str, error: str) -> None:
    assert error_of(tmp_path, old, new).startswith(error)


def test_a_key_without_pull_may_be_on_a_pin_without_resistor(tmp_path: Path) -> None:
    text = (BOARDS / "virtual.toml").read_text()
    text = text.replace("pin = 33", "pin = 36").replace('pull = "up"', 'pull = "none"')
    (tmp_path / "b.toml").write_text(text)
    assert spec.load(str(tmp_path / "b.toml")).key.pin == 36


def test_a_board_may_have_no_microphone(tmp_path: Path) -> None:
    text = (BOARDS / "virtual.toml").read_text()
    begin, end = text.index("[microphone]"), text.index("[timing]")
    (tmp_path / "b.toml").write_text(text[:begin] + text[end:])
    assert spec.load(str(tmp_path / "b.toml")).microphone is None
    assert "MICROPHONE = None" in render_config(spec.load(str(tmp_path / "b.toml")))


def test_the_firmware_is_told_how_far_to_shift_a_microphones_words(tmp_path: Path) -> None:
    text = (BOARDS / "virtual.toml").read_text()
    for model, shift in (("inmp441", 12), ("ics43434", 12), ("sph0645", 13)):
        (tmp_path / "b.toml").write_text(text.replace('"inmp441"', f'"{model}"'))
        microphone = spec.load(str(tmp_path / "b.toml")).microphone
        assert microphone and microphone.settings["shift"] == shift


def test_a_board_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(VigieError, match="no board named 'toaster'") as caught:
        spec.load("toaster")
    assert "virtual" in caught.value.hint


def test_the_rendered_configuration_is_what_the_board_says() -> None:
    board = spec.load("virtual")
    names: dict[str, object] = {}
    exec(render_config(board), names)
    assert names["KEY_PIN"] == board.key.pin
    assert names["TIMING"] == {
        "glitch_ms": 4,
        "release_ms": 45,
        "gap_ms": 500,
        "long_ms": 2000,
        "stuck_ms": 30000,
        "restrike_gap_ms": 0,
        "restrike_ms": 0,
    }


def test_a_device_gets_what_the_manifest_lists() -> None:
    files = device_files(spec.load("virtual"))
    assert {"main.py", "board_config.py", "button/app.mpy", "button/core/clicks.mpy"} <= set(files)
    assert len(files) == len(sources())  # the configuration more, the machine code less
    for code in ("x64", "xtensawin", "rv32imc"):
        with_code = device_files(spec.load("virtual"), code)
        assert set(with_code) - set(files) == {"button/core/adpcm_viper.mpy"}
    plain = device_files(spec.load("virtual"), compile_files=False)
    assert plain["button/app.py"] == sources()["button/app.py"].read_bytes()
