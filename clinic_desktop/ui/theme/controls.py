"""The small pictures the style sheet needs (ticks, arrows), kept in memory as Qt resources."""

import struct
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import qRegisterResourceData
from PySide6.QtGui import QColor

from clinic_desktop.ui.theme.icons import coloured_svg

_FORMAT_VERSION: Final = 1  # of the resource tree: no compression, no modification times
_FOLDER, _FILE = 2, 0
_ANY_COUNTRY, _C_LANGUAGE = 0, 1
# Qt reads these bytes in place for as long as the program runs: they must not be collected.
_registered: dict[str, tuple[bytes, bytes, bytes]] = {}

# picture -> (icon, role of its colour)
PICTURES: Final = {
    "check": ("check", "on_accent"),
    "check_off": ("check", "text_disabled"),
    "tick": ("check", "text"),
    "minus": ("minus", "on_accent"),
    "down": ("chevron-down", "text_2"),
    "down_off": ("chevron-down", "text_disabled"),
    "up": ("chevron-up", "text_2"),
    "up_off": ("chevron-up", "text_disabled"),
    "left": ("chevron-left", "text_2"),
    "right": ("chevron-right", "text_2"),
}


def register_pictures(color: Callable[[str], QColor]) -> dict[str, str]:
    """Return picture -> address usable in ``url()``; nothing is written to the disk."""
    found = {}
    for picture, (icon, role) in PICTURES.items():
        colour = color(role)
        name = f"clinic-{picture}-{colour.name()[1:]}.svg"
        if name not in _registered:
            _registered[name] = _register(name, coloured_svg(icon, colour, 14))
        found[picture] = f":/{name}"
    return found


def _register(name: str, data: bytes) -> tuple[bytes, bytes, bytes]:
    """Register one file at the root of Qt's resource tree, as its resource compiler would."""
    names = struct.pack(">HI", len(name), _hash(name)) + name.encode("utf-16-be")
    root = struct.pack(">IHII", 0, _FOLDER, 1, 1)
    leaf = struct.pack(">IHHHI", 0, _FILE, _ANY_COUNTRY, _C_LANGUAGE, 0)
    parts = (root + leaf, names, struct.pack(">I", len(data)) + data)
    qRegisterResourceData(_FORMAT_VERSION, *parts)
    return parts


def _hash(name: str) -> int:
    """Return the hash Qt stores with a resource name (qt_hash, the PJW function)."""
    value = 0
    for char in name:
        value = (value << 4) + ord(char)
        value ^= (value & 0xF0000000) >> 23
        value &= 0x0FFFFFFF
    return value
