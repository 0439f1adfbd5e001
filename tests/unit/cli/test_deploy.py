"""Deploying to a device that does not play along."""

import struct
from collections.abc import Callable
from typing import Any

import pytest
from mpremote.transport import TransportError

from vigie.cli import deploy as verb

from .running import run


class Port:
    """What pyserial gives to mpremote."""

    def write(self, data: bytes) -> None:
        pass


def transport(enter: Callable[[], None]) -> Callable[[str], Any]:
    """Makes transports whose device does this when it is to stop its program."""

    class Transport:
        device_name = "/dev/ttyX"
        serial = Port()

        def __init__(self, port: str):
            pass

        def enter_raw_repl(self) -> None:
            enter()

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
