"""What is asked about an exam: whether to sign it, and what becomes of a tooth."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop.domain.perio.exam import Exam, Standing
from clinic_desktop.domain.perio.words import STANDINGS
from clinic_desktop.domain.teeth.numbering import MOST_EXTRA, SUPERNUMERARY, tooth, written
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.perio.acts import ExamActs
from clinic_desktop.ui.perio.grid import PerioGrid
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.dialog import Dialog


def ask_to_sign(
    exam: Exam, *, theme: Theme, parent: QWidget, sign: Callable[[], None]
) -> Dialog:  # fmt: skip
    """Ask whether to sign, saying what was not measured; the focus starts on the way out."""
    missing = exam.wanted - exam.entered
    sentence = _("Nothing of a signed exam is changed any more, by nobody.")
    if missing:
        sentence += " " + ngettext(
            "{count} site has no depth: it stays “not measured”.",
            "{count} sites have no depth: they stay “not measured”.",
            missing,
        ).format(count=missing)
    dialog = Dialog(
        _("Sign this exam?"),
        theme=theme,
        parent=parent,
        sentence=sentence,
        icon="signature",
        careful=True,
    )
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.set_primary(_("Sign the exam"), dialog.accept)
    dialog.accepted.connect(sign)
    dialog.open()
    return dialog


def tooth_menu(
    parent: QWidget, grid: PerioGrid, acts: ExamActs, fdi: int, notation: str, *, editing: bool
) -> QMenu:
    """Return the menu of a tooth: there, an implant or missing; the other side on the graph."""
    menu, upper = QMenu(parent), tooth(fdi).upper
    menu.addAction(_("Other side on the graph"), partial(grid.turn_face, upper=upper))
    if editing:
        menu.addSeparator()
        now = grid.charting.exam.teeth[fdi].standing
        for standing, words in STANDINGS.items():
            action = menu.addAction(
                _("{tooth}: {what}").format(tooth=written(fdi, notation), what=_(words)),
                partial(acts.stand, fdi, standing),
            )
            action.setCheckable(True)
            action.setChecked(standing is now)
        extra = _next_extra(grid.charting.exam, fdi)
        if extra is not None:
            menu.addSeparator()
            words = tooth(extra).name
            menu.addAction(
                words[:1].upper() + words[1:], partial(acts.stand, extra, Standing.THERE)
            )
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _next_extra(exam: Exam, fdi: int) -> int | None:
    """Return the number of the next extra tooth beside this one, None when there are enough."""
    anchor = tooth(fdi).anchor
    numbers = (anchor + SUPERNUMERARY * number for number in range(1, MOST_EXTRA + 1))
    return next((number for number in numbers if number not in exam.teeth), None)
