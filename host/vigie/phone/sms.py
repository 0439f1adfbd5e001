"""How many SMS a text costs: exact counting of GSM 7-bit and UCS-2.

Source of the tables: 3GPP TS 23.038 (formerly GSM 03.38), 6.2.1 and 6.2.1.1; of the lengths: a
message carries 140 bytes, of which a part of a longer text gives 6 to its header (TS 23.040).
"""

from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""One septet each. Of French it has à é è ù, É and Ç, but not ç ê ô À."""

EXTENSION = frozenset("\f^{}\\[~]|€")
"""Two septets each: an escape and a code."""

_ALONE = {"GSM-7": 160, "UCS-2": 70}
_PART = {"GSM-7": 153, "UCS-2": 67}
"""Units that fit into a message alone, and into a part of a longer one."""


@dataclass(frozen=True)
class Segments:
    """What a text becomes on its way."""

    encoding: Encoding
    units: int
    """Septets, or UTF-16 code units."""
    parts: tuple[str, ...]
    """The text as it is cut."""
    forced_by: tuple[str, ...]
    """The characters for which the short alphabet will not do, each once, in their order."""

    @property
    def segments(self) -> int:
        """How many SMS are sent."""
        return len(self.parts)


def count_segments(text: str) -> Segments:
    """Count a text as a phone would send it. An empty text is one empty SMS."""
    forced_by = tuple(dict.fromkeys(c for c in text if c not in BASIC and c not in EXTENSION))
    encoding: Encoding = "UCS-2" if forced_by else "GSM-7"
    widths = [_width(character, encoding) for character in text]
    units = sum(widths)
    parts = (text,) if units <= _ALONE[encoding] else _cut(text, widths, _PART[encoding])
    return Segments(encoding, units, parts, forced_by)


def _width(character: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return 2 if character in EXTENSION else 1
    return 2 if character > "\uffff" else 1


def _cut(text: str, widths: list[int], limit: int) -> tuple[str, ...]:
    """Fill part after part; a character of two units stays whole, so a part may end one short."""
    parts: list[str] = []
    begin = filled = 0
    for index, width in enumerate(widths):
        if filled + width > limit:
            parts.append(text[begin:index])
            begin, filled = index, 0
        filled += width
    return (*parts, text[begin:])
