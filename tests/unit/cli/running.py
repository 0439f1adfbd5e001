"""Running `vigie` in this process."""

import contextlib
import signal
import sys
from collections.abc import Generator

import pytest

from vigie.cli.main import main

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def signals_as_before() -> Generator[None]:
    """A command that is done ignores Ctrl-C and the like to the end of its process.

    This process goes on, and its children would inherit that: nothing could end them any more.
    """
    before = {number: signal.getsignal(number) for number in ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run `vigie` with these words in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", ["vigie", *words])
    with pytest.raises(SystemExit) as ended, signals_as_before():
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
