"""The style sheet of the program, filled with the tokens in force.

It does colours, borders, radii and paddings; hatches, two-line cells and the focus ring are
painted. Rules hang on Qt classes and on the dynamic properties ``kind``, ``state`` and ``tone``.
"""

from string import Template
from typing import TYPE_CHECKING

from clinic_desktop.resources import resource
from clinic_desktop.ui.theme.controls import register_pictures
from clinic_desktop.ui.theme.tokens import tokens

if TYPE_CHECKING:  # the theme calls this module
    from clinic_desktop.ui.theme.theme import Theme


def make_stylesheet(theme: "Theme") -> str:
    """Return the filled sheet; a role missing from the tokens raises."""
    values = {role: theme.color(role).name() for role in tokens().color[theme.name]}
    values |= {f"{name}_h": str(theme.height(name)) for name in ("row", "control", "tab")}
    # A style sheet measures the inside of a box: both 1 px borders are taken off.
    values |= {f"{name}_in": str(theme.height(name) - 2) for name in ("row", "control", "tab")}
    values |= {f"r_{name}": str(size) for name, size in tokens().radius.items()}
    values |= {f"pic_{name}": path for name, path in register_pictures(theme.color).items()}
    # A tool button adds 3 px of its own.
    values["tool_in"] = str(theme.height("control") - 5)
    values["tick"] = "20" if theme.density == "touch" else "16"
    values["selected_edge"] = values["accent"] if theme.is_contrast else values["accent_soft"]
    sheet = resource("theme.qss").read_text(encoding="utf-8")
    return Template(sheet).substitute(values)
