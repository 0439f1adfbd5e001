"""The wires of every board: each pin of its file once, and no part that is not in the list."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from vigie.boards import spec
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.hardware import bom, modules, wiring

PARTS = bom.by_ref(bom.load())
BOARDS = spec.names()
SUPPLIES = {"GND", "3V3", "5V", "BAT+", "BAT-"}
XIAO = modules.module("xiao_esp32s3")
PLAIN = modules.module("a board that nobody described")


def pins_of(board: BoardSpec) -> list[int]:
    pins = [board.key.pin, board.siren.pin, board.indicator.pin, board.battery.pin]
    if board.microphone:
        pins += [board.microphone.sck, board.microphone.ws, board.microphone.sd]
    return pins


def names(groups: list[wiring.Group]) -> list[str]:
    return [group.name for group in groups]


@pytest.mark.parametrize("name", BOARDS)
def test_each_pin_has_one_wire_and_the_rest_are_supplies(name: str) -> None:
    board, module = spec.load(name), modules.module(name)
    wires = [w for group in wiring.groups(board, module, PARTS) for w in group.wires]
    signals = [w.board for w in wires if w.board not in SUPPLIES]
    assert sorted(signals) == sorted(module.label(pin) for pin in pins_of(board))


@pytest.mark.parametrize("name", BOARDS)
def test_parts_in_the_drawing_are_in_the_list(name: str) -> None:
    groups = wiring.groups(spec.load(name), modules.module(name), PARTS)
    text = " ".join([f"{g.title} {g.notes} {[w.part for w in g.wires]}" for g in groups])
    named = set(re.findall(r"\b(?:BT|LS|MK|CR|LED|[CJMQRSUX])\d+\b", text))
    assert named
    assert named <= set(PARTS)


@pytest.mark.parametrize("name", BOARDS)
def test_the_drawing_joins_only_pins_that_are_there(name: str) -> None:
    drawing = yaml.safe_load(wiring.as_yaml(spec.load(name), modules.module(name), PARTS))
    connectors = drawing["connectors"]
    for board, bundle, part in drawing["connections"]:
        ((bundle_name, numbers),) = bundle.items()
        assert len(drawing["cables"][bundle_name]["colors"]) == len(numbers)
        for end in (board, part):
            ((connector, pins),) = end.items()
            assert len(pins) == len(numbers)
            assert set(pins) <= set(connectors[connector]["pins"])


def test_a_part_has_no_two_pins_of_one_name() -> None:
    for group in wiring.groups(spec.load("virtual"), XIAO, PARTS):
        assert len({w.part for w in group.wires}) == len(group.wires)


def test_a_board_with_a_cell_feeds_sounder_motor_and_divider_from_it() -> None:
    groups = {g.name: g for g in wiring.groups(spec.load("virtual"), XIAO, PARTS)}
    assert list(groups)[-1] == "cell"
    for name in ("sounder", "motor", "divider", "cell"):
        assert "BAT+" in [w.board for w in groups[name].wires]


def test_a_board_without_one_gets_a_light_and_a_warning_about_the_sounder() -> None:
    groups = {g.name: g for g in wiring.groups(spec.load("virtual"), PLAIN, PARTS)}
    assert "cell" not in groups
    assert "motor" not in groups
    assert "6.8 ohm in series" in groups["sounder"].notes
    assert 0.2 < (5 - 3.6) / 6.8 < 3.6 / 16  # amperes, no more than the sounder's own


def test_a_light_that_is_on_when_low_hangs_on_the_supply() -> None:
    board = spec.load("virtual")
    board = replace(board, indicator=replace(board.indicator, active_low=True))
    light = next(g for g in wiring.groups(board, XIAO, PARTS) if g.name == "light")
    assert [w.board for w in light.wires if w.board in SUPPLIES] == ["3V3"]


def test_a_board_without_microphone_has_no_wires_to_one() -> None:
    board = replace(spec.load("virtual"), microphone=None)
    assert "microphone" not in names(wiring.groups(board, XIAO, PARTS))
    assert "microphone" in names(wiring.groups(spec.load("virtual"), XIAO, PARTS))


def test_another_divider_is_named_as_the_board_has_it() -> None:
    board = spec.load("virtual")
    board = replace(board, battery=replace(board.battery, divider=0.4545))
    divider = next(g for g in wiring.groups(board, PLAIN, PARTS) if g.name == "divider")
    assert "0.4545" in divider.notes
    assert "read low" not in divider.notes


def test_a_divider_that_lets_too_much_of_usb_through_is_told() -> None:
    divider = next(
        g for g in wiring.groups(spec.load("virtual"), PLAIN, PARTS) if g.name == "divider"
    )
    assert "5 V read low" in divider.notes


def test_pins_are_called_as_they_are_printed() -> None:
    assert XIAO.label(7) == "D8 (GPIO7)"
    assert PLAIN.label(33) == "GPIO33"


def test_a_label_that_two_pins_have_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "modules.toml"
    file.write_text('[b]\ntitle = "b"\nplus = "5V"\ncell = false\nlabels = {1 = "D0", 2 = "D0"}\n')
    with pytest.raises(VigieError, match="two pins of one board have one label"):
        modules.module("b", file)


def test_no_part_has_the_name_of_a_pin() -> None:
    for name in ("xiao_esp32s3", "xiao_esp32c6", "xiao_esp32c3"):
        assert not set(modules.module(name).labels.values()) & set(PARTS)
