"""The power budget: arithmetic that a reader can check, and what the page must say."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.errors import VigieError
from vigie.hardware import bom, power, power_data, power_page

PARTS = bom.load()
BUDGET = power_data.load(PARTS)
CELLS = {cell.name: cell for cell in BUDGET.cells}
BOARDS = {board.name: board for board in BUDGET.boards}


def test_an_alert_takes_half_an_hour_of_radio_and_five_minutes_of_siren() -> None:
    assert BUDGET.alert.mah == pytest.approx(85 * 0.5 + 90 * 5 / 60)


def test_guard_hours_are_the_rest_of_the_cell_by_the_current() -> None:
    draw = BOARDS["XIAO ESP32S3"].draws["awake_ma"]
    least, most = BUDGET.guard_h(CELLS["453030"], draw)
    assert least == pytest.approx((450 * 0.85 - 50) / 85)
    assert most == least


def test_modem_sleep_makes_a_working_day_of_half_a_morning() -> None:
    cell = CELLS["453030"]
    for board in BUDGET.boards:
        _, awake_h = BUDGET.guard_h(cell, board.draws["awake_ma"])
        asleep_h, _ = BUDGET.guard_h(cell, board.draws["modem_sleep_ma"])
        assert awake_h < 4.5
        assert asleep_h > 10


@given(st.floats(60, 2000), st.floats(0.05, 200), st.floats(1, 3))
def test_more_current_is_never_more_hours(capacity: float, least: float, factor: float) -> None:
    cell = replace(BUDGET.cells[0], capacity_mah=capacity)
    shorter, longer = BUDGET.guard_h(cell, power.Draw(least, least * factor, "", ""))
    assert 0 <= shorter <= longer


def test_a_cell_that_holds_less_than_an_alert_guards_no_hour() -> None:
    tiny = replace(BUDGET.cells[0], capacity_mah=40)
    assert BUDGET.guard_h(tiny, power.Draw(10, 20, "", "")) == (0, 0)


def test_standby_counts_the_parts_around_the_board_and_the_cells_own_loss() -> None:
    least, most = BUDGET.standby_months(CELLS["453030"], BOARDS["XIAO ESP32S3"])
    around_ua = 3.8 / 2e6 * 1e6 + 12 + 1 + 4
    own_ua = 450 * 0.03 / 720 * 1000
    assert least == pytest.approx(450_000 * 0.85 / (14 + around_ua + own_ua) / 720)
    assert least < most < 12


def test_the_divider_is_the_one_of_the_parts_list() -> None:
    other = [replace(p, ohms=470_000) if "R7" in p.refs else p for p in PARTS]
    assert power_data.load(other).sleepers[0].ua == pytest.approx(3.8 / 0.94)


def test_a_sounder_that_fits_is_67_to_72_db_at_a_metre() -> None:
    for sounder in BUDGET.sounders[:2]:
        assert 87 <= power.level_db(sounder, 0.1) <= 92
        assert 67 <= power.level_db(sounder, 1.0) <= 72


def test_ears_are_counted_by_the_rule_of_three_decibels() -> None:
    assert power.allowed_min(85) == 480
    assert power.allowed_min(88) == 240
    assert power.allowed_min(104) == pytest.approx(5.95, abs=0.01)


def test_the_page_says_what_was_not_measured() -> None:
    page = power_page.page(BUDGET)
    assert "No number on this page was measured on a Vigie" in page
    assert "The firmware does not sleep deeply yet" in page
    assert "**Not a 401230**" in page
    for unmeasured in BUDGET.unmeasured:
        assert unmeasured.what in page


def test_the_page_warns_of_a_board_that_charges_a_small_cell_too_fast() -> None:
    row = next(li for li in power_page.page(BUDGET).splitlines() if "ESP32C3, 370 mA" in li)
    assert row.count("**dangerous**") == 2
    assert "0.82 C, fast" in row


def test_the_recommended_pair_charges_gently() -> None:
    rows = power_page.page(BUDGET).splitlines()
    gentle = [li for li in rows if "100 mA" in li and li.endswith("0.22 C, gentle |")]
    assert len(gentle) == 2


def test_every_figure_has_a_source() -> None:
    for board in BUDGET.boards:
        assert all(draw.source and draw.how for draw in board.draws.values())
    assert all(cell.source for cell in BUDGET.cells)
    assert all(sounder.source for sounder in BUDGET.sounders)


def test_firmware_that_sleeps_deeply_would_change_the_page() -> None:
    from vigie.paths import FIRMWARE

    sources = "".join(f.read_text(encoding="utf-8") for f in FIRMWARE.rglob("*.py"))
    assert "deepsleep" not in sources


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("from = 77, to = 85", "from = 77, to = 70", "'to' is less than 'from'"),
        ("from = 77, to = 85", "from = 0, to = 85", "from is 0"),
        ("charge_ma = 100", "charge = 100", "unknown key 'charge'"),
        ("siren_min = 5", "siren_min = 'five'", "'siren_min' is a text"),
    ],
)
def test_what_is_wrong_in_the_figures_is_named(
    tmp_path: Path, old: str, new: str, error: str
) -> None:
    text = power_data.FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "power.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(VigieError, match=error) as caught:
        power_data.load(PARTS, file)
    assert caught.value.hint
