"""An image is looked at before it is written, and whatever refuses it is told with a way out."""

import os
import pty
import sys
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
import serial

from vigie.boards import flash as flashing
from vigie.boards import spec
from vigie.boards.chips import CHIPS
from vigie.boards.flash import check_port, command, flash
from vigie.boards.image_file import check_image_file
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError

C6 = "xiao_esp32c6"


def image_bytes(chip: str, *, application: bool = False, table: bool = True) -> bytes:
    """A file that begins like an image for this chip."""
    facts = CHIPS[chip]
    data = bytearray(b"\xff" * 0x9000)
    data[0] = 0xE9
    data[12:14] = facts.image_id.to_bytes(2, "little")
    if application:
        data[32:36] = bytes.fromhex("3254cdab")
    if table:
        at = 0x8000 - facts.image_offset
        data[at : at + 2] = b"\xaa\x50"
    return bytes(data)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "firmware.bin"
    path.write_bytes(image_bytes("esp32c6"))
    return path


@pytest.fixture
def silent_port() -> Generator[str]:
    """A port at whose end nobody answers."""
    here, there = pty.openpty()
    yield os.ttyname(there)
    os.close(here)
    os.close(there)


def refusal(path: Path, board: BoardSpec) -> str:
    with pytest.raises(VigieError) as caught:
        check_image_file(path, board)
    assert caught.value.hint
    return caught.value.what.replace(str(path), "FILE")


@pytest.mark.parametrize("name", [n for n in spec.names() if n != "virtual"])
def test_an_image_for_the_boards_chip_is_taken(tmp_path: Path, name: str) -> None:
    board = spec.load(name)
    path = tmp_path / "firmware.bin"
    path.write_bytes(image_bytes(board.chip))
    checked = check_image_file(path, board)
    assert checked.size == 0x9000
    assert not checked.is_known


@pytest.mark.parametrize("other", [chip for chip in CHIPS if chip != "esp32c6"])
def test_an_image_for_another_chip_is_refused(tmp_path: Path, other: str) -> None:
    path = tmp_path / "firmware.bin"
    path.write_bytes(image_bytes(other))
    said = refusal(path, spec.load(C6))
    assert said == f"FILE is an image for {other}, and xiao_esp32c6 has the chip esp32c6."


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is no image for these chips"),
        (b"\xe9" * 23, "is no image for these chips"),
        (b"PK\x03\x04" * 99, "is no image for these chips"),
        (b"<html>" * 99, "is no image for these chips"),
        (image_bytes("esp32c6")[:0x7000], "is not a whole image: it has no table of partitions"),
        (image_bytes("esp32c6", table=False), "is not a whole image"),
        (image_bytes("esp32c6", application=True), "is the application alone"),
        (b"\xe9" + bytes(11) + b"\x63\x00" + bytes(99), "is an image for chip number 99"),
    ],
    ids=["empty", "short", "zip", "page", "cut", "no table", "application", "unknown chip"],
)
def test_what_is_no_whole_image_is_refused(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "firmware.bin"
    path.write_bytes(data)
    assert why in refusal(path, spec.load(C6))


def test_a_file_that_is_not_there_or_huge_is_refused(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refusal(tmp_path / "none.bin", spec.load(C6))
    huge = tmp_path / "huge.bin"
    with huge.open("wb") as f:
        f.truncate(17 * 1024 * 1024)
    assert "larger than any flash" in refusal(huge, spec.load(C6))


def test_the_sha256_of_the_boards_own_file_is_compared(tmp_path: Path) -> None:
    board = spec.load(C6)
    assert board.micropython
    path = tmp_path / board.micropython.file
    path.write_bytes(image_bytes("esp32c6"))
    sha256 = check_image_file(path, board).sha256
    knows = replace(board, micropython=replace(board.micropython, sha256=sha256))
    assert check_image_file(path, knows).is_known
    path.write_bytes(image_bytes("esp32c6") + b"x")
    assert "is not the file that xiao_esp32c6's board file knows" in refusal(path, knows)
    own = tmp_path / "firmware.bin"  # a build of one's own is another file
    own.write_bytes(path.read_bytes())
    assert not check_image_file(own, knows).is_known


@pytest.mark.parametrize(
    ("name", "offset"), [("devkit_esp32", "0x1000"), (C6, "0x0"), ("xiao_esp32s3", "0x0"),
                         ("xiao_esp32c3", "0x0"), ("devkit_esp32s3", "0x0")],
)  # fmt: skip
def test_each_chip_gets_its_image_where_it_looks_for_it(
    tmp_path: Path, name: str, offset: str
) -> None:
    board = spec.load(name)
    path = tmp_path / "firmware.bin"
    path.write_bytes(image_bytes(board.chip))
    checked = check_image_file(path, board)
    words = command(board, "/dev/ttyX", checked, erase=True)
    assert words[-2:] == [offset, str(path)]
    assert words[words.index("--chip") + 1] == board.chip
    assert "--erase-all" in words
    assert "--erase-all" not in command(board, "/dev/ttyX", checked, erase=False)


def test_a_chip_that_does_not_answer_is_told_with_what_to_press(
    monkeypatch: pytest.MonkeyPatch, image: Path, silent_port: str
) -> None:
    monkeypatch.setattr(flashing, "ATTEMPTS", 1)
    board = spec.load(C6)
    with pytest.raises(VigieError) as caught:
        flash(board, silent_port, check_image_file(image, board))  # esptool itself
    assert caught.value.what.startswith(
        f"No chip answers at {silent_port} that could be flashed: Failed to connect to ESP32-C6"
    )
    assert "Hold the button BOOT" in caught.value.hint


def test_a_port_that_is_not_there_or_in_use_is_told(silent_port: str) -> None:
    with pytest.raises(VigieError, match="There is no port /dev/ttyNONE"):
        check_port("/dev/ttyNONE")
    with (
        serial.Serial(silent_port, exclusive=True),
        pytest.raises(VigieError, match=f"Another program uses the port {silent_port}"),
    ):
        check_port(silent_port)


@pytest.mark.parametrize(
    ("number", "why"), [(13, "You may not use the port P"), (5, "The port P cannot be opened")]
)
def test_a_port_that_refuses_is_told(
    monkeypatch: pytest.MonkeyPatch, number: int, why: str
) -> None:
    def refuse(port: str, exclusive: bool) -> None:
        raise serial.SerialException(number, "it refuses")

    monkeypatch.setattr(serial, "Serial", refuse)
    with pytest.raises(VigieError, match=why):
        check_port("P")


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (
            "ERROR: A fatal error occurred: This chip is ESP32-S3, not ESP32-C6. Wrong chip "
            "argument?",
            "The chip at PORT is another one than esp32c6, the chip of xiao_esp32c6: This chip",
        ),
        ("Could not open PORT, the port is busy", "The port PORT cannot be opened: Could not"),
        ("device reports readiness to read but", "The connection to PORT broke: device reports"),
        ("ERROR: out of luck", "esptool could not write the image: out of luck"),
        ("", "esptool could not write the image: it said nothing"),
    ],
)
def test_what_esptool_complains_of_is_told_with_a_way_out(
    image: Path, silent_port: str, said: str, what: str
) -> None:
    board = spec.load(C6)
    program = [sys.executable, "-c", f"import sys; print({said!r}); sys.exit(2)"]
    with pytest.raises(VigieError) as caught:
        flash(board, silent_port, check_image_file(image, board), run=program)
    assert caught.value.what.startswith(what.replace("PORT", silent_port))
    assert caught.value.hint


def test_progress_is_what_esptool_prints(image: Path, silent_port: str) -> None:
    lines = ["Connecting...", "Erasing flash memory", "Writing at 0x0 [==> ]  12.5% 1/8 bytes"]
    text = "\n".join(f"print({x!r})" for x in lines)
    told: list[tuple[str, int]] = []
    board = spec.load(C6)
    flash(
        board,
        silent_port,
        check_image_file(image, board),
        progress=lambda what, percent: told.append((what, percent)),
        run=[sys.executable, "-c", text],
    )
    assert told[-1] == ("writing", 12)
