"""Ports, rigs and addresses that cannot be used."""

import os
import socket

import pytest

from .running import complaint, run


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["bridge", "/dev/does-not-exist"], "The port /dev/does-not-exist cannot be opened"),
        (["bridge", "id:0000", "--listen", "127.0.0.1:0"], "with the number 0000"),
        (["bridge", "/dev/null", "--listen", "nowhere"], "--listen nowhere is no address"),
        (["bridge", "/dev/null", "--listen", "127.0.0.1:70000"], "is no address"),
        (["bench", "--rig", "robot"], "There is no rig 'robot'"),
        (["bench", "--rig", "rts"], "needs its port"),
        (["bench", "--rig", "hand"], "Only the rig rts"),
        (["bench", "--rig", "rts:/dev/does-not-exist"], "cannot press"),
        (["parity"], "There is no board to compare"),
        (["parity", "--rig", "hand"], "needs a board"),
        (["parity", "--port", "/dev/does-not-exist"], "The rig none cannot play the sequence"),
        (["parity", "--port", "p", "--rig", "rts:q"], "cannot play the sequence (bounce)"),
        (["parity", "--port", "/dev/does-not-exist", "--rig", "board:q"], "cannot be opened"),
    ],
)
def test_what_cannot_be_opened_is_one_message(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    words: list[str],
    message: str,
) -> None:
    assert message in complaint(monkeypatch, capfd, *words)


def test_an_address_that_is_taken_is_one_message(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    far, near = os.openpty()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        said = complaint(monkeypatch, capfd, "bridge", os.ttyname(near), "--listen", place)
    os.close(far)
    os.close(near)
    assert "Nobody can listen" in said


def test_the_lateness_of_a_rig_can_be_read_by_a_program(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "bench", "--rig", "rts:loop://", "--json") == 0
    assert '"edges"' in capfd.readouterr().out
