"""The `vigie` command: finds the verb and turns errors into messages and exit codes.

Exit codes: 0 done, 1 found a flaw, 2 misuse or something the user can put right, 130 Ctrl-C.
Imports wait until an error or Ctrl-C in them can be handled, and a verb imports only its own.
"""

import functools
import signal
import sys
from collections.abc import Callable

VERBS = ("demo", "board", "deploy", "phone", "clicks", "bench")


def main() -> None:
    """Entry point."""
    try:
        _run(sys.argv[1:])
    except KeyboardInterrupt:
        _complain("stopped by Ctrl-C")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has had enough
        sys.exit(0)


def _run(words: list[str]) -> None:
    import importlib

    import typer

    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Vigie: an open alert button, and the bench that proves it works.",
    )
    app.callback()(lambda: None)
    for name in [w for w in words[:1] if w in VERBS] or VERBS:
        module = importlib.import_module(f"vigie.cli.{name}")
        if not hasattr(module, "COMMANDS"):
            app.command(name)(_guarded(module.command))
            continue
        group = typer.Typer(no_args_is_help=True, help=module.__doc__)
        for word, command in module.COMMANDS.items():
            group.command(word)(_guarded(command))
        app.add_typer(group, name=name)
    app(words)


def _guarded(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with its errors as messages: typer would call Ctrl-C an abort."""
    from vigie.errors import VigieError

    @functools.wraps(command)
    def guarded(**options: object) -> None:
        try:
            command(**options)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done: too late to stop it
        except VigieError as e:
            _complain(str(e))
            sys.exit(2)
        except KeyboardInterrupt:
            _complain("stopped by Ctrl-C")
            sys.exit(130)

    return guarded


def _complain(text: str) -> None:
    print(f"vigie: {text}", file=sys.stderr)
