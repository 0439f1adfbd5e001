"""Misuse gets one clear message that says what to do, exit code 2, and no traceback."""

import os
import stat
from pathlib import Path

import pytest

from vigie.paths import BOARDS
from vigie.virtual import micropython

from .running import complaint

TOO_MANY = '[wearer]\nname = "A"\nlanguage = "en"\n' + "".join(
    f'[[contacts]]\nname = "C{i}"\nphone = "+3319900123{i}"\n' for i in range(6)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "no such file"),
        ("", "is empty"),
        ("x" * 70_000, "too large"),
        ("[wearer\n", "1"),
        (TOO_MANY, "6 contacts"),
        (TOO_MANY[:60].replace("en", "xx"), "language"),
    ],
    ids=["missing", "empty", "oversized", "broken", "six contacts", "unknown language"],
)
def test_contacts(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    text: str | None,
    message: str,
) -> None:
    file = tmp_path / "contacts.toml"
    if text is not None:
        file.write_text(text)
    said = complaint(
        monkeypatch, capfd, "demo", "--contacts", str(file), "--out", str(tmp_path / "out")
    )
    assert str(file) in said
    assert message in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "text",
    [
        *[None, "", "lat,lon\n", "<kml/>", "<gpx></gpx>"],
        '<?xml version="1.0" encoding="bogus"?><gpx/>',
    ],
)
def test_gpx(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    text: str | None,
) -> None:
    file = tmp_path / "walk.gpx"
    if text is not None:
        file.write_text(text)
    assert str(file) in complaint(
        monkeypatch, capfd, "demo", "--gpx", str(file), "--out", str(tmp_path / "out")
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "No such file"),
        ("", "holds no press"),
        ("garbage\n", "line 1: not JSON"),
        ('{"id": "a", "edges": [[0, 1], [5, 1]]}\n', "edges[1] repeats the level 1"),
        ('{"id": "a", "edges": [[0, 1], [-5, 0]]}\n', "negative time"),
        ('{"id": "a", "edges": [[9, 1], [5, 0]]}\n', "earlier"),
        ('{"id": "a", "edges": [[0.5, 1]]}\n', "whole microseconds"),
        ('{"id": "a", "edges": []}\n\n{"edges": 5}\n', "line 3: 'edges' is no list"),
        ('{"id": 1, "edges": []}\n', "'id' is no printable text"),
        ('{"id": "a", "egdes": []}\n', "unknown field 'egdes'"),
    ],
)
def test_traces(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    text: str | None,
    message: str,
) -> None:
    file = tmp_path / "t.jsonl"
    if text is not None:
        file.write_text(text)
    said = complaint(
        monkeypatch, capfd, "demo", "--trace", str(file), "--out", str(tmp_path / "out")
    )
    assert message in said


def test_a_port_that_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    said = complaint(monkeypatch, capfd, "deploy", "--port", "/dev/ttyNONE")
    assert "The port /dev/ttyNONE cannot be opened" in said
    assert "mpremote connect list" in said


def test_a_board_that_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    said = complaint(monkeypatch, capfd, "board", "toaster")
    assert "There is no board named 'toaster'" in said
    assert "virtual" in said


@pytest.mark.parametrize(
    ("verb", "value"),
    [
        (["board"], "9" * 5000),
        (["deploy", "--port", "/dev/ttyNONE", "--board"], "[" * 3000),
        (["board"], "999"),
    ],
    ids=["digits", "brackets", "pin"],
)
def test_a_board_file_that_makes_no_sense(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    verb: list[str],
    value: str,
) -> None:
    file = tmp_path / "b.toml"
    text = (BOARDS / "virtual.toml").read_text()
    file.write_text(text.replace("pin = 33", f"pin = {value}"))
    assert str(file) in complaint(monkeypatch, capfd, *verb, str(file))


@pytest.mark.parametrize("verb", ["demo", "phone"])
def test_an_output_folder_without_a_name(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], verb: str
) -> None:
    assert "--out names no folder" in complaint(monkeypatch, capfd, verb, "--out", "")


@pytest.mark.parametrize("out", ["/proc", "/proc/vigie/demo"])
def test_an_output_folder_where_nothing_can_be_made(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], out: str
) -> None:
    said = complaint(monkeypatch, capfd, "demo", "--out", out)  # before a word of the story
    assert f"Nothing can be written to {out}" in said


def test_a_folder_of_the_users_own_in_the_place_of_a_result(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    mine = tmp_path / "report.json" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    said = complaint(monkeypatch, capfd, "demo", "--out", str(tmp_path))
    assert f"{mine.parent} is a folder" in said
    assert mine.read_text() == "mine"


def test_an_output_folder_that_is_a_file(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("")
    said = complaint(monkeypatch, capfd, "demo", "--out", str(tmp_path / "out"))
    assert "--out" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_folder_that_is_not_writable(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        said = complaint(monkeypatch, capfd, "demo", "--out", str(tmp_path / "out"))
    finally:
        tmp_path.chmod(stat.S_IRWXU)
    assert "--out" in said


@pytest.fixture
def nothing_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without MicroPython in any place where one could be."""
    monkeypatch.setattr(micropython, "_PRIVATE", tmp_path / "none")
    monkeypatch.setattr(micropython, "CACHE", tmp_path)
    monkeypatch.delenv(micropython.VARIABLE, raising=False)
    micropython.find.cache_clear()
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    monkeypatch.setenv("PATH", str(bin_folder))
    return bin_folder


@pytest.fixture(autouse=True)
def _find_again_afterwards() -> object:  # pyright: ignore[reportUnusedFunction]
    yield
    micropython.find.cache_clear()


def test_neither_micropython_nor_apt(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    nothing_found: Path,
) -> None:
    said = complaint(monkeypatch, capfd, "demo", "--out", str(tmp_path / "out"))
    assert "no usable `micropython` here, and no apt-get" in said
    assert "brew install micropython" in said


def test_a_micropython_that_is_too_old_is_named(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    nothing_found: Path,
) -> None:
    old = nothing_found / "micropython"
    old.write_text("#!/bin/sh\necho '(1, 22, 0)'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{nothing_found}:/bin:/usr/bin")
    monkeypatch.setattr(micropython.shutil, "which", _only(nothing_found))
    said = complaint(monkeypatch, capfd, "demo", "--out", str(tmp_path / "out"))
    assert "it is version 1.22.0, too old" in said


def test_a_variable_that_names_something_else(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    micropython.find.cache_clear()
    monkeypatch.setenv(micropython.VARIABLE, "/bin/true")
    said = complaint(monkeypatch, capfd, "demo", "--out", str(tmp_path / "out"))
    assert "names /bin/true, but it is no MicroPython" in said


def _only(folder: Path) -> object:
    def which(name: str) -> str | None:
        return str(folder / name) if (folder / name).exists() else None

    return which
