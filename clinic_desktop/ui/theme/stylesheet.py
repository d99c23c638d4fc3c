"""The style sheet of the program, filled with the tokens in force.

It does colours, borders, radii and paddings; hatches, two-line cells and the focus ring are
painted. Rules hang on Qt classes and on the dynamic properties ``kind``, ``state`` and ``tone``.
"""

from collections.abc import Callable
from string import Template

from PySide6.QtGui import QColor

from clinic_desktop.resources import resource
from clinic_desktop.ui.theme.controls import register_pictures
from clinic_desktop.ui.theme.tokens import tokens


def make_stylesheet(
    color: Callable[[str], QColor], height: Callable[[str], int], *, touch: bool
) -> str:
    """Return the filled sheet; a role missing from the tokens raises.

    ``color`` gives the colour of a role, ``height`` the height of a control or tab.
    """
    control = height("control")
    tick = 20 if touch else 16
    values = {role: color(role).name() for role in tokens().color["light"]}
    values |= {f"r_{name}": str(size) for name, size in tokens().radius.items()}
    values |= {f"pic_{name}": path for name, path in register_pictures(color).items()}
    sizes = {
        # A style sheet measures the inside of a box: both 1 px borders are taken off.
        "control_in": control - 2,
        "tab_in": height("tab") - 2,
        # A tool button adds 3 px of its own to its height, and its padding to its width.
        "tool_in": control - 5,
        "tool_wide": control - 12,
        "item": control - 4,
        "tick": tick,
        "tick_round": tick // 2 + 1,
        "dot": tick - 8,
    }
    values |= {name: str(size) for name, size in sizes.items()}
    return Template(resource("theme.qss").read_text(encoding="utf-8")).substitute(values)
