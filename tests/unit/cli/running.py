"""Running `vigie` in this process."""

import sys

import pytest

from vigie.cli.main import main


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run `vigie` with these words in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", ["vigie", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code
    assert isinstance(code, int)
    return code


def complaint(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *words: str
) -> str:
    """What `vigie` says of words that cannot be done."""
    assert run(monkeypatch, *words) == 2
    out, errors = capfd.readouterr()
    assert "Traceback" not in errors
    assert not out
    return errors
