"""bumble catches the errors of handlers that it calls, ours among them, and only logs them."""

import contextlib
import logging
from collections.abc import Callable, Generator


class _Errors(logging.Handler):
    def __init__(self, failed: Callable[[str, BaseException], None]):
        super().__init__(logging.WARNING)
        self._failed = failed

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self._failed(f"bumble caught an error: {record.getMessage()}", error)


@contextlib.contextmanager
def swallowed_errors(failed: Callable[[str, BaseException], None]) -> Generator[None]:
    """In the block, every error that bumble swallows is told to `failed`."""
    handler = _Errors(failed)
    logger = logging.getLogger("bumble")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
