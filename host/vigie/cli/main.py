"""The `vigie` command: finds the verb and turns errors into messages and exit codes.

Exit codes: 0 done, 1 found a flaw, 2 misuse or something the user can put right, 130 Ctrl-C (128
and its number for another signal). Imports wait until an error or Ctrl-C in them can be handled,
and a verb imports only its own.
"""

import contextlib
import functools
import io
import os
import sys
from collections.abc import Callable

VERBS = {
    "demo": "Play the whole story: a click reaches five contacts.",
    "board": "Start a virtual board with a serial port.",
    "boards": "Which boards there are, and whether a board file is right.",
    "flash": "Write MicroPython into a chip's flash.",
    "deploy": "Copy the firmware onto a board that runs MicroPython.",
    "phone": "Be the phone of a real button, with Bluetooth.",
    "clicks": "The timing lab: record presses, replay, score, sweep and see them.",
    "evidence": "Recordings: check that nothing in one was changed.",
    "hardware": "Make the pages, wiring and case of hardware/.",
    "bridge": "Offer a serial port to another machine.",
    "bench": "Measure how fast the virtual world is.",
    "parity": "Compare a board's events and their times with the virtual board's.",
}
"""And what each does, in a few words."""


class _Carried(SystemExit):
    """Takes an error past typer, which has its own way with Ctrl-C and with broken pipes."""

    def __init__(self, error: BaseException):
        super().__init__(1)
        self.error = error


def main() -> None:
    """Entry point."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a screen without accents shows the rest
    try:
        code = _code(sys.argv[1:])
    except KeyboardInterrupt:  # before the command began, or in the middle of a message
        _complain("stopped by Ctrl-C")
        code = 130
    sys.exit(code)


def _code(words: list[str]) -> int:
    """Do what the words say; the exit code, after a message if one is due."""
    from vigie.cli.endings import Ending, Signals, ending

    signals = Signals()
    signals.listen()
    end: Ending | None = Ending(0)
    try:
        _run(words, signals.ignore)
    except BaseException as e:
        error = e.error if isinstance(e, _Carried) else e
        end = ending(error, signals.number)
        if end is None:
            raise error from None
    finally:
        signals.forget()
    try:
        sys.stdout.flush()
    except OSError as e:
        end = end if end.code else ending(e)
        _let_go_of_stdout()
    if end and end.text:
        _complain(end.text)
    return end.code if end else 1


def _run(words: list[str], done: Callable[[], None]) -> None:
    import importlib

    import typer

    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # help is plain text: markup swallows what stands in brackets
        help="Vigie: an open alert button, and the bench that proves it works.",
    )
    app.callback()(lambda: None)
    for name in [w for w in words[:1] if w in VERBS] or VERBS:
        module = importlib.import_module(f"vigie.cli.{name}")
        if not hasattr(module, "COMMANDS"):
            app.command(name, short_help=VERBS[name])(_carrying(module.command, done))
            continue
        group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=module.__doc__)
        for word, command in module.COMMANDS.items():
            group.command(word)(_carrying(command, done))
        app.add_typer(group, name=name, short_help=VERBS[name])
    app(words, prog_name="vigie")


def _carrying(command: Callable[..., None], done: Callable[[], None]) -> Callable[..., None]:
    """The command, whose errors all reach `main` as they are; typer's own are for typer."""
    import typer

    @functools.wraps(command)
    def carrying(**options: object) -> None:
        try:
            command(**options)
            done()  # too late to stop it
        except (typer.Exit, typer.BadParameter):
            raise
        except BaseException as e:
            raise _Carried(e) from e

    return carrying


def _let_go_of_stdout() -> None:
    """Nothing more can be written there, and nothing should be tried when Python ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _complain(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(f"vigie: {text}", file=sys.stderr, flush=True)
