"""The commands that the project's pages tell people to type are there."""

import re
from collections import defaultdict

import pytest

from tests.unit.cli.running import run
from vigie.cli.main import VERBS
from vigie.paths import ROOT

PAGES = [
    page
    for page in sorted(ROOT.rglob("*.md"))
    if not {".venv", ".cache", "out"} & set(page.relative_to(ROOT).parts)
]
CODE = re.compile(r"^[ \t]*```\w*\n(.*?)^[ \t]*```|`([^`\n]+)`", re.S | re.M)
COMMAND = re.compile(r"(?:^|[\s;(])(?:\.venv/bin/)?vigie ([a-z][a-z0-9 -]*)([^#\n]*)", re.M)
GROUPS = ("boards", "clicks", "evidence", "hardware")


def code(text: str) -> list[str]:
    """What is set as code in a page."""
    return [block or line for block, line in CODE.findall(text)]


def commands() -> dict[tuple[str, ...], set[str]]:
    """The words of each command in the pages, with the options that are used with it."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for page in PAGES:
        for piece in code(page.read_text(encoding="utf-8")):
            for words, rest in COMMAND.findall(piece):
                verb, *more = words.split()
                name = (verb, *more[:1]) if verb in GROUPS and more else (verb,)
                found[name] |= set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", words + rest))
    return found


COMMANDS = commands()


def test_indented_code_is_read_too() -> None:
    assert code("1. Do:\n   ```\n   make flash\n   ```\n") == ["   make flash\n"]


def test_the_pages_are_read() -> None:
    assert len(PAGES) > 50
    assert {("deploy",), ("clicks", "record"), ("evidence", "verify"), ("phone",)} <= set(COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS), ids=" ".join)
def test_vigie_knows_the_command_and_its_options(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert command[0] in VERBS
    assert run(monkeypatch, *command, "--help") == 0
    known = set(re.findall(r"--[a-z][a-z-]*", capfd.readouterr().out))
    assert COMMANDS[command] <= known


def test_make_knows_the_targets() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    used = {
        target
        for page in PAGES
        for piece in code(page.read_text(encoding="utf-8"))
        for target in re.findall(r"(?:^[ \t]*|&& )make ([a-z][a-z-]*)", piece, re.M)
    }
    assert {"demo", "test", "hil", "hil-physics", "flash", "deploy"} <= used <= targets
