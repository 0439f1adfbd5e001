"""Board files: what is wrong in them is named, with file and field."""

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


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("pin = 33", "pin = '33'", "'key.pin' is '33', not a value of type int"),
        ("pin = 33", "pin = true", "'key.pin' is True, not a value of type int"),
        ("pin = 33", "pine = 33", "unknown field 'key.pine'"),
        ("[siren]\npin = 25", "[siren]", "'siren.pin' is missing"),
        ("[key]", "[keys]", "unknown field 'keys'"),
        ('chip = "esp32"', "chip = esp32", "not valid TOML"),
        ("divider = 0.5", "divider = 'half'", "'battery.divider' is 'half'"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (BOARDS / "virtual.toml").read_text()
    assert old in text
    file = tmp_path / "board.toml"
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(VigieError) as caught:
        spec.load(str(file))
    assert message in caught.value.what
    assert str(file) in caught.value.what


def test_a_whole_number_will_do_for_a_fraction(tmp_path: Path) -> None:
    text = (BOARDS / "virtual.toml").read_text().replace("divider = 0.5", "divider = 1")
    (tmp_path / "b.toml").write_text(text)
    assert spec.load(str(tmp_path / "b.toml")).battery.divider == 1.0


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
    }


def test_a_device_gets_what_the_manifest_lists() -> None:
    files = device_files(spec.load("virtual"))
    assert {"main.py", "board_config.py", "button/app.mpy", "button/core/clicks.mpy"} <= set(files)
    assert len(files) == len(sources()) + 1
    plain = device_files(spec.load("virtual"), compile_files=False)
    assert plain["button/app.py"] == sources()["button/app.py"].read_bytes()
