"""Reading files that people wrote or fetched, with errors that say what to do."""

from pathlib import Path

from vigie.errors import VigieError


def read_limited(path: Path, max_bytes: int, what: str, hint: str) -> bytes:
    """The bytes of a file, which must not be empty.

    Args:
        path: the file.
        max_bytes: more than this is refused before it is read.
        what: what the file should be, for the messages: "contacts file".
        hint: where to get such a file.

    Raises:
        VigieError: there is no such file, it cannot be read, or it is empty or oversized.
    """
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise VigieError(f"{path}: no such file", hint) from None
    except IsADirectoryError:
        raise VigieError(f"{path}: is a folder, not a {what}", hint) from None
    except PermissionError:
        raise VigieError(
            f"{path}: may not be read by this user", "Give yourself the right to read it."
        ) from None
    except OSError as error:
        raise VigieError(f"{path}: cannot be read: {error.strerror}", hint) from error
    except ValueError:
        raise VigieError(f"{str(path)!r}: is not a path", hint) from None
    if not data:
        raise VigieError(f"{path}: is empty", hint)
    if len(data) > max_bytes:
        kib = max_bytes // 1024
        size = f"{kib // 1024} MiB" if kib >= 1024 else f"{kib} KiB"
        raise VigieError(f"{path}: is larger than {size}, too large for a {what}", hint)
    return data
