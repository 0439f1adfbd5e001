"""What is expected of a real button, and where that comes from. None of it has been measured yet.

Sources are sections of the project's notes on hardware: data sheets and measurements of others.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """One side of a figure, its unit, and the source of the number."""

    name: str
    value: float
    unit: str
    at_least: bool
    source: str

    def met_by(self, figure: float) -> bool:
        """Whether a figure keeps it."""
        return figure >= self.value if self.at_least else figure <= self.value

    def told(self, figure: float) -> str:
        """The figure beside its limit."""
        side = "at least" if self.at_least else "at most"
        return (f"{self.name}: {figure:.1f} {self.unit}, {side} {self.value:g} {self.unit} is "
                f"expected ({self.source})")  # fmt: skip


SIREN_NEAR = Limit("siren at 10 cm", 87, "dB", True, "sounder AST1027MW-03Q: 87 dB at 10 cm")
SIREN_FAR = Limit("siren at 1 m", 67, "dB", True, "the same, 20 dB less at ten times the distance")
NOISE = Limit(
    "noise of the microphone in a quiet room", 50, "dBA", False,
    "speech at 1 m is 60 dB; ten less leaves it understandable",
)  # fmt: skip
LOST = Limit(
    "samples lost in a recording", 0, "samples", False, "what is lost is silent: no noise, no tone"
)
BOOT = Limit(
    "reset to advertising", 835, "ms", False,
    "635 ms from wake to main.py (glenn20/upy-esp32-experiments) and 200 ms for BLE",
)  # fmt: skip
GUARD = Limit(
    "current while connected", 85, "mA", False, "XIAO with BLE on and no controller sleep: 85 mA"
)
