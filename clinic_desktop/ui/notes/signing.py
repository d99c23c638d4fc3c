"""The question before a note is signed and locked: what is still open in it is named."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label


def ask_to_sign(
    desk: Desk,
    screen: QWidget,
    still_open: Sequence[str],
    *,
    sign: Callable[[], None],
    go_back: Callable[[], None],
) -> Dialog:
    """Ask whether to sign; ``go_back`` is done when somebody rather fills what is open first."""
    dialog = Dialog(
        _("Sign and lock this note?"),
        theme=desk.theme,
        parent=screen,
        sentence=_(
            "It is signed as {name}. After that nobody changes it; it is amended by an addendum."
        ).format(name=desk.who.name),
        icon="signature",
        width=480,
        careful=True,
    )
    if still_open:
        words = _("Still open: {words}. They would be signed as they stand.")
        sentence = words.format(words=", ".join(still_open))
        dialog.body.addWidget(Label(sentence, theme=desk.theme, role="warning", wrap=True))
        dialog.setAccessibleDescription(f"{dialog.accessibleDescription()} {sentence}")
        dialog.rejected.connect(go_back)

    def confirmed() -> None:
        dialog.accept()
        sign()

    dialog.set_primary(_("Sign and lock"), confirmed)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
