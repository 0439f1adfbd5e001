"""Says no: what the chip has and this board does not model must never seem to work."""


def refuse(where, name, chip_names):
    """Raise for a missing name: NotImplementedError if the chip has it, else AttributeError."""
    if name in chip_names.split():
        raise NotImplementedError("the virtual board does not model %s.%s" % (where, name))
    raise AttributeError(name)
