"""Errors that are meant for people: what happened, where, and what to do next."""


class VigieError(Exception):
    """Something the user can put right: printed without a traceback, exit code 2.

    Args:
        what: what happened and where, in one sentence.
        hint: what to do next, in one sentence.
    """

    def __init__(self, what: str, hint: str = ""):
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}\n  {self.hint}" if self.hint else self.what
