"""Numbers of things in sentences."""


def count(number: int, noun: str) -> str:
    """As in "1 contact" and "5 contacts": for nouns whose plural is regular."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
