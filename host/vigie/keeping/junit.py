"""JUnit XML that says on what the tests ran. If it cannot be written, that hides no failure."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

_PATH = pytest.StashKey[str]()
_FACTS = pytest.StashKey[Mapping[str, str]]()
_WHY = pytest.StashKey[str]()


def configure(config: pytest.Config, facts: Mapping[str, str]) -> None:
    """Make this module a plugin of pytest, if the file is asked for."""
    path = str(config.getoption("xmlpath", None) or "")
    if path and not hasattr(config, "workerinput"):  # processes of pytest-xdist write none
        config.stash[_PATH] = path
        config.stash[_FACTS] = facts
        config.pluginmanager.register(sys.modules[__name__], "vigie-junit")
        _guard(config)


@pytest.fixture(scope="session", autouse=True)
def _on_what_they_run(  # pyright: ignore[reportUnusedFunction]
    request: pytest.FixtureRequest, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """Properties of the whole run; pytest has no way for them with pytest-xdist."""
    for name, value in request.config.stash[_FACTS].items():
        record_testsuite_property(name, value)


def _guard(config: pytest.Config) -> None:
    """Pytest writes the file before it tells the failures: an error there must not stop that."""
    for implementation in config.hook.pytest_sessionfinish.get_hookimpls():
        if type(implementation.plugin).__name__ == "LogXML":
            theirs: Any = implementation
            theirs.function = _guarded(config, theirs.function)


def _guarded(config: pytest.Config, write: Callable[[], object]) -> Callable[[], None]:
    def pytest_sessionfinish() -> None:
        try:
            write()
        except OSError as e:
            config.stash[_WHY] = e.strerror or repr(e)

    return pytest_sessionfinish


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """One line at the end."""
    if why := config.stash.get(_WHY, ""):
        terminalreporter.write_line(f"not written to {config.stash[_PATH]}: {why}")
