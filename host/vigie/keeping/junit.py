"""JUnit XML that cannot be written is one line, and hides no failure."""

from collections.abc import Generator

import pytest


def configure(config: pytest.Config) -> None:
    """Watch pytest write the file, if it is asked for."""
    path = str(config.getoption("xmlpath", None) or "")
    if path and not hasattr(config, "workerinput"):  # processes of pytest-xdist write none
        config.pluginmanager.register(_Watch(path), "vigie-junit")


class _Watch:
    """Hooks of pytest, which writes the file before it tells the failures: an error stops both."""

    def __init__(self, path: str):
        self._path = path
        self._why = ""

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self) -> Generator[None, object, object]:
        """Let the rest of the end happen."""
        try:
            return (yield)
        except OSError as e:
            self._why = e.strerror or repr(e)
            return None

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line at the end."""
        if self._why:
            terminalreporter.write_line(f"not written to {self._path}: {self._why}")
