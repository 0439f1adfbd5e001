"""Counting SMS, against a slow reference that shares nothing with the code."""

from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.phone.sms import BASIC, EXTENSION, count_segments

# The default alphabet of 3GPP TS 23.038, 6.2.1, as the standard draws it: a column for each value
# of the upper three bits, a row for each of the lower four. The escape at 1/11 is no character.
TABLE = """
@ Δ SP 0 ¡ P ¿ p
£ _ ! 1 A Q a q
$ Φ " 2 B R b r
¥ Γ # 3 C S c s
è Λ ¤ 4 D T d t
é Ω % 5 E U e u
ù Π & 6 F V f v
ì Ψ ' 7 G W g w
ò Σ ( 8 H X h x
Ç Θ ) 9 I Y i y
LF Ξ * : J Z j z
Ø ESC + ; K Ä k ä
ø Æ , < L Ö l ö
CR æ - = M Ñ m ñ
Å ß . > N Ü n ü
å É / ? O § o à
"""
NAMED = {"SP": " ", "LF": "\n", "CR": "\r"}
ESCAPED = {
    **{0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\"},
    **{0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"},
}
SEPTETS = {
    NAMED.get(cell, cell): bytes([column * 16 + row])
    for row, line in enumerate(TABLE.strip().split("\n"))
    for column, cell in enumerate(line.split(" "))
    if cell != "ESC"
} | {character: bytes([0x1B, code]) for code, character in ESCAPED.items()}


def reference(text: str) -> tuple[str, int, int]:
    """Encoding, units and number of SMS: encode each character, then fill messages."""
    if all(character in SEPTETS for character in text):
        encoding, alone, part = "GSM-7", 160, 153
        codes = [len(SEPTETS[character]) for character in text]
    else:
        encoding, alone, part = "UCS-2", 70, 67
        codes = [len(c.encode("utf-16-be", "surrogatepass")) // 2 for c in text]
    if sum(codes) <= alone:
        return encoding, sum(codes), 1
    messages = [0]
    for code in codes:
        if messages[-1] + code > part:
            messages.append(0)
        messages[-1] += code
    return encoding, sum(codes), len(messages)


def test_the_alphabet_is_that_of_the_standard() -> None:
    assert len(BASIC) == 127
    assert set(SEPTETS) == BASIC | EXTENSION
    assert {character for character, code in SEPTETS.items() if len(code) == 1} == BASIC


TEXTS = st.one_of(
    st.text(st.sampled_from("aé€{\n"), max_size=500),
    st.text(st.sampled_from("aê😀"), max_size=300),
    st.text(st.sampled_from(sorted(SEPTETS)), max_size=500),
    st.text(max_size=300),
)


@settings(deadline=None)
@given(TEXTS)
def test_counts_agree_with_the_reference(text: str) -> None:
    counted = count_segments(text)
    assert (counted.encoding, counted.units, counted.segments) == reference(text)


@settings(deadline=None)
@given(TEXTS)
def test_parts_are_the_text_and_each_fits(text: str) -> None:
    counted = count_segments(text)
    assert "".join(counted.parts) == text
    limit = {"GSM-7": (160, 153), "UCS-2": (70, 67)}[counted.encoding][counted.segments > 1]
    for part in counted.parts:
        if counted.encoding == "GSM-7":
            assert sum(len(SEPTETS[character]) for character in part) <= limit
        else:
            assert len(part.encode("utf-16-be", "surrogatepass")) // 2 <= limit


@settings(deadline=None)
@given(TEXTS)
def test_the_characters_to_blame_are_named(text: str) -> None:
    counted = count_segments(text)
    assert (counted.encoding == "UCS-2") == bool(counted.forced_by)
    assert set(counted.forced_by) == {c for c in text if c not in SEPTETS}
    assert len(set(counted.forced_by)) == len(counted.forced_by)


def test_limits_and_pairs_at_the_seam() -> None:
    assert count_segments("").segments == 1
    assert [count_segments(c).units for c in ("\uffff", "\U00010000")] == [1, 2]
    assert [count_segments("a" * n).segments for n in (160, 161, 306, 307)] == [1, 2, 2, 3]
    assert [count_segments("ê" * n).segments for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert count_segments("a" * 159 + "€").parts == ("a" * 153, "aaaaaa€")
    assert count_segments("a" * 152 + "€" + "a" * 9).parts == ("a" * 152, "€" + "a" * 9)
    assert count_segments("ê" * 66 + "😀" + "ê" * 9).parts == ("ê" * 66, "😀" + "ê" * 9)


def test_french_letters() -> None:
    assert count_segments("Éé èàùÇ").forced_by == ()
    assert count_segments("ça, peut-être à Noël").forced_by == ("ç", "ê", "ë")
    assert count_segments("\x1b").forced_by == ("\x1b",)
