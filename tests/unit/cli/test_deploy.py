"""Deploying to a device that does not play along."""

import struct
from collections.abc import Callable
from typing import Any

import pytest
from mpremote.transport import TransportError

from vigie.cli import port as verb

from .running import run


class Port:
    """What pyserial gives to mpremote."""

    def write(self, data: bytes) -> None:
        pass


def transport(enter: Callable[[], None], machine: str = "a") -> Callable[[str], Any]:
    """Makes transports whose device does this when it is to stop its program, and is this."""

    class Transport:
        device_name = "/dev/ttyX"
        serial = Port()

        def __init__(self, port: str):
            pass

        def enter_raw_repl(self) -> None:
            enter()

        def exec(self, code: str) -> None:
            pass

        def eval(self, code: str) -> tuple[str, int, bool]:
            return machine, 0, False

        def close(self) -> None:
            raise OSError(5, "Input/output error")

    return Transport


def silent() -> None:
    print(b"")  # as mpremote does
    raise TransportError("could not enter raw repl")


def test_a_cable_that_is_pulled_is_told_as_that(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verb, "SerialTransport", transport(silent))
    assert run(monkeypatch, "deploy", "--port", "/dev/ttyX") == 2
    out, errors = capfd.readouterr()
    assert "b''" not in out
    assert errors == (
        "vigie: The device at /dev/ttyX stopped answering: could not enter raw repl\n"
        "  Check the cable, close other programs that use the port, then deploy again: "
        "until then the button is NOT running.\n"
    )


def test_ctrl_c_says_that_the_button_does_not_run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(verb, "SerialTransport", transport(stopped))
    assert run(monkeypatch, "deploy", "--port", "/dev/ttyX") == 130
    assert capfd.readouterr().err == (
        "vigie: stopped by Ctrl-C\n  The button is NOT running: deploy again.\n"
    )


def test_a_reply_that_is_cut_short_is_told_as_that(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def cut() -> None:

        struct.unpack("<H", b"")

    monkeypatch.setattr(verb, "SerialTransport", transport(cut))
    assert run(monkeypatch, "deploy", "--port", "/dev/ttyX") == 2
    assert "stopped answering" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("machine", "board", "message"),
    [
        (
            "Generic ESP32 module with ESP32",
            "virtual",
            "From compiled files the firmware takes 126 KiB of heap, and virtual has 108.\n"
            "  Either `vigie flash` an image with the firmware inside",
        ),
        (
            "Seeed XIAO ESP32C6 with ESP32-C6",
            "virtual",
            "The device is a Seeed XIAO ESP32C6 with ESP32-C6; the board file virtual is for the "
            "chip esp32.\n  Name its board with --board",
        ),
    ],
)
def test_a_real_chip_gets_nothing_that_it_cannot_run(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    machine: str,
    board: str,
    message: str,
) -> None:
    monkeypatch.setattr(verb, "SerialTransport", transport(lambda: None, machine))
    assert run(monkeypatch, "deploy", "--port", "/dev/ttyX", "--board", board) == 2
    assert capfd.readouterr().err.startswith(f"vigie: {message}")
