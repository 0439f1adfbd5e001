"""`vigie boards`: what there is, what is wrong, what goes where."""

import json
from pathlib import Path

import pytest

from vigie.boards import spec
from vigie.paths import BOARDS

from .running import complaint, run


def test_the_list_has_every_board(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "boards", "list", "--json") == 0
    listed = json.loads(capfd.readouterr().out)
    assert [board["name"] for board in listed] == spec.names()
    assert run(monkeypatch, "boards", "list") == 0
    assert "xiao_esp32c6" in capfd.readouterr().out


def test_show_says_what_goes_where(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "boards", "show", "xiao_esp32c6") == 0
    out = capfd.readouterr().out
    for said in ("low before the radio starts", "at 0x0 in flash", "sha256: not known here"):
        assert said in out
    assert run(monkeypatch, "boards", "show", "devkit_esp32", "--json") == 0
    assert json.loads(capfd.readouterr().out)["key"]["pin"] == 33


def test_check_names_the_line_of_a_flaw_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text((BOARDS / "virtual.toml").read_text().replace("pin = 33", "pin = 6"))
    assert run(monkeypatch, "boards", "check") == 0
    assert capfd.readouterr().out.count("all right") == len(spec.names())
    assert run(monkeypatch, "boards", "check", str(bad), "virtual") == 1
    out = capfd.readouterr().out
    assert f"{bad}:8: pin 6 of the esp32 leads to the flash chip" in out
    assert "virtual: all right" in out


def test_a_board_that_is_not_there_is_misuse(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for verb in ("check", "show"):
        said = complaint(monkeypatch, capfd, "boards", verb, "toaster")
        assert "no board named 'toaster'" in said
