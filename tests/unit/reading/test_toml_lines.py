"""Where the keys of a TOML text are."""

import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.reading.toml_lines import Keys, key_lines


def paths(value: Any, path: Keys = ()) -> set[Keys]:
    """Every way into a parsed text."""
    found: set[Keys] = {path} if path else set()
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    elif isinstance(value, list):
        items = list(enumerate(value))  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    for key, inside in items:
        found |= paths(inside, (*path, key))
    return found


def test_tables_arrays_of_tables_and_keys() -> None:
    text = '# head\n\n[wearer]\nname = "C"\n\n[[contacts]]\nphone = 1\n[[contacts]]\nphone = 2\n'
    assert key_lines(text) == {
        ("wearer",): 3,
        ("wearer", "name"): 4,
        ("contacts",): 6,
        ("contacts", 0): 6,
        ("contacts", 0, "phone"): 7,
        ("contacts", 1): 8,
        ("contacts", 1, "phone"): 9,
    }


def test_brackets_and_hashes_in_strings_do_not_confuse() -> None:
    text = (
        'a = "]#[x]" # [[b]]\n'
        'b = """\n[no]\nno = 1\n\\""" still ""\n"""\n'
        "c = '''\n[[no]]'''''\n"
        "d = '''''' # '''\n"
        'e = [ # [\n  "]", # ]\n  [ 1,\n 2 ],\n]\n'
        "f = {x.y = 1, 'z' = [{t = 1}]}\n"
        'g = ""\n'
    )
    lines = key_lines(text)
    assert set(lines) == paths(tomllib.loads(text))
    assert [lines[key,] for key in "abcdefg"] == [1, 2, 7, 9, 10, 15, 16]
    assert lines["e", 1] == 12
    assert lines["e", 1, 1] == 13
    assert lines["f", "z", 0, "t"] == 15


def test_dotted_and_quoted_keys() -> None:
    text = 'a."b.c" . d = 1\n["x]"."\\u0041"]\n\'k#\' = 2\n[[l]]\n[l.m]\nn = 1\n[[l.o]]\np=1\n'
    lines = key_lines(text)
    assert set(lines) == paths(tomllib.loads(text))
    assert lines["a", "b.c", "d"] == 1
    assert lines["x]", "A", "k#"] == 3
    assert lines["l", 0, "m", "n"] == 6
    assert lines["l", 0, "o", 0, "p"] == 8


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=6)
VALUES = st.recursive(
    st.one_of(
        st.sampled_from(["1", "-2.5e3", "true", "2026-01-01 12:00:00", "inf"]),
        st.text('ab"[]{}#,=\n', max_size=8).map(lambda s: f"'''{s}'''"),
        st.text("ab'[]{}#,=", max_size=8).map(lambda s: f'"{s}"'),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda v: "[ # ]\n" + ",\n".join(v) + "]"),
        st.lists(inner, max_size=3).map(lambda v: f"[{', '.join(v)}]"),
        st.lists(inner, max_size=3).map(
            lambda v: "{" + ", ".join(f"k{n} = {x}" for n, x in enumerate(v)) + "}"
        ),
    ),
    max_leaves=8,
)


def quoted(key: str) -> str:
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), st.dictionaries(KEYS, VALUES, max_size=3), st.integers(0, 2)),
        max_size=5,
    )
)
def test_every_value_has_the_line_where_it_was_written(
    tables: list[tuple[bool, dict[str, str], int]],
) -> None:
    lines: list[str] = []
    expected: dict[Keys, int] = {}
    arrays = 0
    for number, (is_array, keys, blank) in enumerate(tables):
        lines += ["# [comment] = '''"] * blank
        where: Keys = ("list", arrays) if is_array else (f"table{number}",)
        arrays += is_array
        lines.append("[[list]]" if is_array else f"[table{number}]")
        expected[where] = len(lines)
        for key, value in keys.items():
            expected[*where, key] = len(lines) + 1
            lines += f"{quoted(key)} = {value} # end".split("\n")
    text = "\n".join(lines) + "\n"
    found = key_lines(text)
    assert set(found) == paths(tomllib.loads(text))
    assert {keys: found[keys] for keys in expected} == expected
