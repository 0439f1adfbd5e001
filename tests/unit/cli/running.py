"""Running `vigie` in this process."""

import signal
import sys

import pytest

from vigie.cli.main import main


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run `vigie` with these words in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", ["vigie", *words])
    on_ctrl_c = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        # A command that is done ignores Ctrl-C to the end of its process; this one goes on, and
        # its children would inherit that.
        signal.signal(signal.SIGINT, on_ctrl_c)
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
