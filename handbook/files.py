"""Writing a file whole or not at all."""

import os
import pathlib


def write_whole(file: pathlib.Path, content: str | bytes) -> None:
    """Write aside, then rename: whoever reads the file sees the old content or the new.

    Raises:
        OSError: the folder cannot be made or written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    aside.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    os.replace(aside, file)
