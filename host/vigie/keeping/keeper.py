"""The part of the pytest plugin that keeps what happened in tests that fail."""

import os
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from vigie.keeping import again, collect, files, folders
from vigie.keeping.files import Told
from vigie.keeping.happened import Happened
from vigie.plural import count
from vigie.virtual.world import World

PROPERTY = "kept"
"""In JUnit XML, the property of a failed test that names its folder."""
_Call = pytest.CallInfo[None]
_RUN = "vigie_kept_of_run"


@dataclass(slots=True)
class _Test:
    """What is known of the test that runs."""

    fixtures: dict[str, object] = field(default_factory=dict[str, object])
    began_s: float | None = None
    failures: list[str] = field(default_factory=list[str])
    folder: Path | None = None


def add_option(group: pytest.OptionGroup) -> None:
    """--keep."""
    group.addoption("--keep", metavar="DIR", help="keep here what happened in tests that fail")


def configure(config: pytest.Config, facts: Mapping[str, str]) -> None:
    """Begin to keep, if it is asked for."""
    if place := str(config.getoption("--keep") or ""):
        # All processes of pytest-xdist keep in one folder: that of the process which began.
        given: dict[str, str] = getattr(config, "workerinput", {})
        run = given.get(_RUN) or str(
            config.invocation_params.dir / place / folders.of_run(datetime.now(), os.getpid())
        )
        config.pluginmanager.register(Keeper(config, Path(run), facts), "vigie-keeper")


class Keeper:
    """Hooks of pytest. Nothing that goes wrong in here changes the result of a test.

    Args:
        config: of the run.
        run: the folder of this run, made when it is needed.
        facts: on what the tests run.
    """

    def __init__(self, config: pytest.Config, run: Path, facts: Mapping[str, str]):
        self._config = config
        self._run = run
        self._facts = facts
        self._test = _Test()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a process of pytest-xdist where to keep."""
        node.workerinput[_RUN] = str(self._run)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any]
    ) -> Generator[None, object, object]:
        """Remember what the test's fixtures are: also when one after them fails."""
        value = yield
        if fixturedef.scope == "function":
            self._test.fixtures[fixturedef.argname] = value
        return value

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self) -> None:
        """Note when the test itself begins."""
        if world := self._world:
            self._test.began_s = world.loop.time()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: _Call
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep what happened, and say where."""
        report = yield
        if report.failed and (world := self._world):
            report.sections.append(("what happened", self._kept(item, world, report, call)))
        if report.when == "teardown":
            self._test = _Test()
        return report

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line at the end."""
        reports = [r for kind in ("failed", "error") for r in terminalreporter.getreports(kind)]
        if tests := {r.nodeid for r in reports if PROPERTY in dict(r.user_properties)}:
            number = count(len(tests), "failure")
            terminalreporter.write_line(f"{number} kept in {self._shown(self._run)}")

    @property
    def _world(self) -> World | None:
        """Of a test that uses a board, rig or phone, from when there is one."""
        world = self._test.fixtures.get("world")
        return world if isinstance(world, World) else None

    def _kept(
        self, item: pytest.Item, world: World, report: pytest.TestReport, call: _Call
    ) -> str:
        try:
            return self._keep(item, world, report, call)
        except Exception as e:
            why = e.strerror if isinstance(e, OSError) and e.strerror else repr(e)
            return f"not kept in {self._shown(self._run)}: {why}"

    def _keep(
        self, item: pytest.Item, world: World, report: pytest.TestReport, call: _Call
    ) -> str:
        test = self._test
        story = collect.happened(world, test.began_s, test.fixtures)
        reason = call.excinfo.exconly().splitlines()[0] if call.excinfo else ""
        test.failures.append(f"Failed in {report.when}:\n\n{report.longreprtext}\n")
        if test.folder is None:
            test.folder = folders.new_folder(self._run, folders.of_test(item.nodeid))
        shown = self._shown(test.folder)
        told = Told(item.name, f"{item.nodeid}\n{reason}", self._text(item, story))
        wrong = files.write(story, told, test.folder)
        self._add_property(item, report, shown)
        return f"kept in {shown}" + (f", but not {', '.join(wrong)}" if wrong else "")

    def _text(self, item: pytest.Item, story: Happened) -> str:
        told = {
            "test": item.nodeid,
            "again": again.words(self._config, item.nodeid),
            **self._facts,
            "began": f"{story.began_s:.3f} s, as all times since its world began",
            "failed": f"{story.failed_s:.3f} s",
        }
        lines = [f"{name + ':':8} {value}" for name, value in told.items()]
        return "\n".join([*lines, "", *self._test.failures])

    def _add_property(self, item: pytest.Item, report: pytest.TestReport, folder: str) -> None:
        if PROPERTY not in dict(item.user_properties):
            item.user_properties.append((PROPERTY, folder))
            # The report has a copy already, which is what xdist and the summary look at.
            report.user_properties.append((PROPERTY, folder))

    def _shown(self, path: Path) -> str:
        """A path as the user would write it."""
        here = self._config.invocation_params.dir
        return str(path.relative_to(here) if path.is_relative_to(here) else path)
