"""`vigie flash` says what is missing, before it touches a chip."""

from pathlib import Path

import pytest

from .running import complaint


def test_a_board_without_an_image_is_refused(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    said = complaint(monkeypatch, capfd, "flash", "--port", "/dev/ttyX", "--board", "virtual")
    assert "virtual names no image" in said


def test_the_boards_image_is_looked_for_in_this_folder(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("flash", "--port", "/dev/ttyX", "--board", "devkit_esp32")
    said = complaint(monkeypatch, capfd, *words)
    assert "There is no ESP32_GENERIC-20260406-v1.28.0.bin in this folder" in said
    (tmp_path / "ESP32_GENERIC-20260406-v1.28.0.bin").write_bytes(b"<html>")
    assert "is no image for these chips" in complaint(monkeypatch, capfd, *words)
