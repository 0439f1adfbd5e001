"""How a command ends, by what went wrong."""

import signal
from collections.abc import Callable

import pytest

from vigie.cli.endings import Ending, ending
from vigie.errors import VigieError


def caught(act: Callable[[], None]) -> BaseException:
    with pytest.raises(BaseException) as error:  # noqa: PT011
        act()
    return error.value


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (VigieError("No port.", "Name one."), Ending(2, "No port.\n  Name one.")),
        (OSError(13, "Permission denied", "/x"), Ending(2, "/x: Permission denied")),
        (OSError(28, "No space left"), Ending(2, "No space left\n  Free some space.")),
        (OSError("odd"), Ending(2, "odd")),
        (BrokenPipeError(), Ending(0)),
        (KeyboardInterrupt(), Ending(130, "stopped by Ctrl-C")),
        (KeyboardInterrupt("Begin again."), Ending(130, "stopped by Ctrl-C\n  Begin again.")),
        (SystemExit(2), Ending(2)),
        (SystemExit(), Ending(0)),
        (
            ExceptionGroup("", [VigieError("a"), ExceptionGroup("", [OSError("b")])]),
            Ending(2, "a"),
        ),
        (ValueError("a fault of ours"), None),
        (ExceptionGroup("", [VigieError("a"), ValueError("ours")]), None),
    ],
)
def test_errors_by_kind(error: BaseException, end: Ending | None) -> None:
    assert ending(error) == end


def test_an_error_that_was_made_of_ctrl_c_is_ctrl_c() -> None:
    def wrapped() -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as e:
            raise VigieError("The device stopped answering.") from e

    def in_a_clean_up() -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise OSError(5, "Input/output error")

    def hidden() -> None:
        try:
            wrapped()
        except VigieError:
            raise RuntimeError("and then") from None

    for act in (wrapped, in_a_clean_up, hidden):
        assert ending(caught(act)) == Ending(130, "stopped by Ctrl-C")
    group = BaseExceptionGroup("", [VigieError("a"), KeyboardInterrupt()])
    assert ending(group) == Ending(130, "stopped by Ctrl-C")


def test_another_signal_is_named() -> None:
    error = KeyboardInterrupt("The button is NOT running.")
    end = Ending(143, "stopped by SIGTERM\n  The button is NOT running.")
    assert ending(error, signal.SIGTERM) == end
