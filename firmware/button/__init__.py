"""The firmware of the button."""
