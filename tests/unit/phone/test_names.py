"""Names that can do no harm."""

from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.phone.names import NAME_MAX, clean_name


@settings(deadline=None)
@given(st.text(st.characters(), max_size=100))
def test_any_text_becomes_one_bounded_printable_line(name: str) -> None:
    cleaned = clean_name(name)
    assert len(cleaned) <= NAME_MAX
    assert len(cleaned.splitlines()) <= 1
    assert cleaned == cleaned.strip()
    cleaned.encode()  # no lone surrogate
    assert clean_name(cleaned) == cleaned


def test_what_is_kept_and_what_is_not() -> None:
    assert clean_name(" Zoë\t d'Aubigné\r\nBcc: x ") == "Zoë d'Aubigné Bcc: x"
    assert clean_name("cou\x00cou\u202e \u200b!\ud800") == "coucou !"
    assert clean_name("نازنین می\u200cروم 👩\u200d🚒") == "نازنین می\u200cروم 👩\u200d🚒"
    assert clean_name("e\u0301") == "é"
    assert clean_name("\n\x1b") == ""
