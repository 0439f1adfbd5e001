"""Says no: what the chip has and this board does not model must never seem to work."""


def refuse(where, name, chip_names):
    """Raise for a missing name: NotImplementedError if the chip has it, else AttributeError."""
    if name in chip_names.split():
        raise NotImplementedError("the virtual board does not model %s.%s" % (where, name))
    raise AttributeError(name)


def integer(value):
    """The value, if it is one that the chip takes for an integer."""
    kind = type(value)
    if kind is int or kind is bool:
        return int(value)
    raise TypeError("can't convert %s to int" % kind.__name__)
