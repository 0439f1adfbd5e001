"""Where things are in the checkout: the host package is used from there, beside the firmware."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = ROOT / "firmware"
BOARDS = ROOT / "boards"
DEMO = ROOT / "demo"
HARDWARE = ROOT / "hardware"
CACHE = ROOT / ".cache"
OUT = ROOT / "out"
