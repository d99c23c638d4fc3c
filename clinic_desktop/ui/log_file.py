"""The program's log: where something went wrong, never with whose data."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

BYTES: Final = 1_000_000
KEPT: Final = 2


def keep_log(home: Path) -> None:
    """Write warnings into a file of the home from now on; a second time is nothing."""
    if _handler(home) is not None:
        return
    try:
        handler = RotatingFileHandler(
            _file(home), maxBytes=BYTES, backupCount=KEPT, encoding="utf-8"
        )
    except OSError as error:
        # A program that cannot write its log can still do its work.
        logging.getLogger(__name__).warning("No log is kept: %s", error.strerror)
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)


def end_log(home: Path) -> None:
    """Close the file; ending what was not begun is nothing."""
    handler = _handler(home)
    if handler is not None:
        logging.getLogger().removeHandler(handler)
        handler.close()


def _file(home: Path) -> str:
    return str(home.absolute() / "clinic-desktop.log")


def _handler(home: Path) -> RotatingFileHandler | None:
    for handler in logging.getLogger().handlers:
        if isinstance(handler, RotatingFileHandler) and handler.baseFilename == _file(home):
            return handler
    return None
