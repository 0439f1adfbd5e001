"""The parts list is read strictly, and its values do what they are there for."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.errors import VigieError
from vigie.hardware import bom, schematic

PARTS = bom.by_ref(bom.load())


def ohms(ref: str) -> float:
    value = PARTS[ref].ohms
    assert value is not None
    return value


def test_the_pull_up_keeps_the_keys_contacts_clean_even_on_a_sagging_supply() -> None:
    assert 3.0 / ohms("R1") >= 1.0e-3  # C&K: silver contacts want 1 mA
    assert 3.6 / ohms("R1") <= 10e-3  # and gold ones bear 10 mA


def test_a_pressed_key_is_low_and_its_series_resistor_does_not_matter() -> None:
    pull_up_inside = 45e3
    assert 3.3 * ohms("R2") / (pull_up_inside + ohms("R2")) < 0.25 * 3.3


def test_a_full_cell_stays_in_the_range_that_the_converter_is_calibrated_for() -> None:
    at_the_pin = 4.3 * ohms("R8") / (ohms("R7") + ohms("R8"))
    assert 0.15 < at_the_pin < 2.45


def test_the_divider_is_the_one_that_boards_with_a_cell_have() -> None:
    assert ohms("R7") == ohms("R8")  # divider = 0.5 in their files


def test_the_gates_are_off_when_a_pin_floats_and_full_when_it_drives() -> None:
    for gate, down in (("R3", "R4"), ("R5", "R6")):
        assert ohms(down) / (ohms(gate) + ohms(down)) > 0.99
        assert 1e-6 * ohms(down) < 0.65  # volts of 1 uA leakage; AO3400A opens from 0.65 V


def test_the_light_gets_one_to_two_milliamperes() -> None:
    assert 1e-3 <= (3.3 - 2.0) / ohms("R9") <= 2e-3


def test_the_motor_gets_what_it_bears_from_a_full_and_from_an_empty_cell() -> None:
    least_a, most_a = 0.060, 0.100
    assert 4.2 - least_a * ohms("R10") <= 3.6
    assert 3.5 - most_a * ohms("R10") >= 2.3


def test_the_buffer_bridges_a_radio_burst() -> None:
    farads = PARTS["C2"].farads
    assert farads is not None
    assert 0.240 * 0.5e-3 / farads < 0.3  # volts that 240 mA for 0.5 ms take, alone


def test_the_schematic_shows_every_part_that_is_soldered() -> None:
    svg, shown = schematic.draw(PARTS)
    not_soldered = {"U1", "X1", "X2", "X3"}
    assert shown == set(PARTS) - not_soldered
    for ref in shown:
        assert f">{ref}<" in svg or f" {ref}<" in svg, ref


def test_the_schematic_is_the_same_every_time() -> None:
    assert schematic.draw(PARTS) == schematic.draw(PARTS)


@given(st.floats(1e-12, 9e8))
def test_a_value_with_its_prefix_can_be_read_back(value: float) -> None:
    number, unit = bom.with_prefix(value, "F").split()
    powers = {"MF": 6, "kF": 3, "F": 0, "mF": -3, "µF": -6, "nF": -9, "pF": -12}
    assert float(number) * 10.0 ** powers[unit] == pytest.approx(value, rel=0.006)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(2700, "Ω", "2.7 kΩ"), (1e6, "Ω", "1 MΩ"), (100e-9, "F", "100 nF"), (470e-6, "F", "470 µF")],
)
def test_values_are_written_as_engineers_do(value: float, unit: str, text: str) -> None:
    assert bom.with_prefix(value, unit) == text


def test_a_page_never_shows_a_price_without_where_it_is_from() -> None:
    priced = [part for part in PARTS.values() if part.price_usd is not None]
    assert priced
    assert all(part.price_from for part in priced)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('refs = "S1"', 'refs = "R1"', "R1 is another part already"),
        ("ohms = 2700", "ohms = -1", "ohms is -1"),
        ("ohms = 2700", "ohm = 2700", "unknown key 'ohm'"),
        ("price_usd = 7\n", "price_usd = 0\n", "price_usd is 0"),
        ('price_from = "memory', '#"', "has no 'price_from'"),
    ],
)
def test_what_is_wrong_in_the_list_is_named(
    tmp_path: Path, old: str, new: str, error: str
) -> None:
    text = bom.FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "bom.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(VigieError, match=error) as caught:
        bom.load(file)
    assert caught.value.hint
