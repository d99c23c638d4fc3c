"""The widgets that Tab stops at, found without asking Qt for its chain.

For Python, whatever ``nextInFocusChain`` or ``focusProxy`` returns becomes a child of the widget
that was asked. At the end of the chain that is the window itself: it then belongs to its own
button, the garbage collection finds a ring that nothing holds, and an open dialog is gone.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QWidget


def tab_stops(within: QWidget) -> Iterator[QWidget]:
    """Yield the widgets below ``within`` that take the focus by Tab, in the order they were added.

    That is the order of Tab wherever none was set by hand. Those that are hidden or switched off
    are among them.
    """
    for widget in within.findChildren(QWidget):
        # The line inside a box hands its focus to the box.
        inner = isinstance(widget.parentWidget(), (QAbstractSpinBox, QComboBox))
        if not inner and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget


def takes_focus(widget: QWidget) -> bool:
    """Return whether Tab stops at a widget now."""
    reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return reached and widget.isVisible() and widget.isEnabled()
