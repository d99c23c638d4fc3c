"""When the program itself made a mistake: typed text is kept, said in plain words, work goes on."""

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from shiboken6 import isValid

from clinic_desktop import __version__
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label

if TYPE_CHECKING:  # made only after somebody was let in
    from clinic_desktop.ui.drafts import Drafts

log = logging.getLogger(__name__)

MOST_FRAMES: Final = 40


def describe(error: BaseException) -> str:
    """Return where a mistake happened: kinds and places, never a message or a value.

    Messages of exceptions quote what was being worked on, and that may be a patient's data.
    """
    versions = f"Python {platform.python_version()}, Qt {qVersion()}"
    system = f"{platform.system()} {platform.release()}"
    parts = [f"Clinic Desktop {__version__}, {versions}, {system}"]
    link: BaseException | None = error
    while link is not None and len(parts) < MOST_FRAMES:
        parts.append(f"{type(link).__module__}.{type(link).__qualname__}")
        parts += [
            f"  {_module_path(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(link.__traceback__)[-MOST_FRAMES:]
        ]
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
        if link is not None:
            parts.append("caused by")
    return "\n".join(parts)


def _module_path(filename: str) -> str:
    """Return a file's place in the program; the folders above it name a person's account."""
    parts = filename.replace("\\", "/").split("/")
    for root in ("clinic_desktop", "site-packages"):
        if root in parts:
            return "/".join(parts[parts.index(root) :])
    return parts[-1]


class CrashDialog(Dialog):
    """Says what happened and what is safe; the technical details are folded away."""

    close_program = Signal()

    def __init__(self, details: str, kept: int, *, theme: Theme, parent: QWidget) -> None:
        super().__init__(
            _("Something in the program did not work"),
            theme=theme,
            parent=parent,
            sentence=_("The mistake is the program's. What was saved before is safe."),
            icon="octagon-alert",
            icon_role="danger",
            width=600,
            careful=True,
            close_words=_("Continue"),
        )
        self._details = details
        if kept:
            sentence = ngettext(
                "The text of {count} open form was kept and will be there again.",
                "The texts of {count} open forms were kept and will be there again.",
                kept,
            ).format(count=kept)
        else:
            sentence = _("No open form held text that was not kept.")
        self.body.addWidget(Label(sentence, theme=theme, wrap=True))
        advice = _(
            "Look whether your last step was done before you repeat it. "
            "If this happens again, send the details to whoever looks after the program."
        )
        self.body.addWidget(Label(advice, theme=theme, role="text_2", wrap=True))
        self.fold = Button(
            _("Technical details"), theme=theme, icon="chevron-right", kind="quiet", small=True
        )
        self.fold.clicked.connect(self._unfold)
        self.body.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        self.text = QPlainTextEdit(details)
        self.text.setFixedHeight(190)
        self.text.setTabChangesFocus(True)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("Technical details, without any patient data"))
        self.text.hide()
        self.body.addWidget(self.text)
        self.add_act(_("Copy details"), self._copy, key="Ctrl+Shift+C")
        self.set_primary(_("Close program"), self._close, key="Ctrl+Q", danger=True)

    def _unfold(self) -> None:
        self.text.setVisible(self.text.isHidden())
        self.fold.set_icon("chevron-right" if self.text.isHidden() else "chevron-down")
        # Every layout between the text and the dialog remembers the height without it.
        link: QWidget | None = self.text
        while link is not None and link is not self:
            link.updateGeometry()
            link = link.parentWidget()
        self._place()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)

    def _close(self) -> None:
        self.accept()
        self.close_program.emit()


class CrashReporter(QObject):
    """Hears of every mistake, from the GUI thread and from workers, and shows one at a time."""

    close_program = Signal()
    reported = Signal(str)
    """Where a mistake happened, for those who watch over the program."""
    _heard = Signal(object)

    def __init__(
        self, theme: Theme, window: Callable[[], QWidget | None], parent: QObject | None = None
    ) -> None:
        """``window`` returns the window to show the dialog over, or None."""
        super().__init__(parent)
        self._theme = theme
        self._window = window
        self._drafts: Drafts | None = None
        self.dialog: CrashDialog | None = None
        self._heard.connect(self.report, Qt.ConnectionType.QueuedConnection)

    def keep_with(self, drafts: "Drafts | None") -> None:
        """Keep half-typed text here when something goes wrong."""
        self._drafts = drafts

    def install(self) -> None:
        """Hear of mistakes that nothing else catches."""
        sys.excepthook = self._except
        threading.excepthook = self._except_in_thread

    def _except(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._heard.emit(error.with_traceback(trace))

    def _except_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._heard.emit(args.exc_value)

    @Slot(object)
    def report(self, error: BaseException) -> None:
        """Keep what is typed, write the place into the log, and tell the person."""
        details = describe(error)
        log.error("A mistake of the program:\n%s", details)
        self.reported.emit(details)
        kept = self._keep()
        window = self._window()
        if window is None or (self.dialog is not None and isValid(self.dialog)):
            # A second mistake while the first is on the screen is in the log.
            return
        self.dialog = CrashDialog(details, kept, theme=self._theme, parent=window)
        self.dialog.close_program.connect(self.close_program)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _keep(self) -> int:
        if self._drafts is None:
            return 0
        try:
            return self._drafts.keep_all()
        except Exception as error:  # noqa: BLE001 - a form that cannot be read must not hide the rest
            log.error("A draft could not be kept:\n%s", describe(error))  # noqa: TRY400
            return 0

    @Slot()
    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def active_window() -> QWidget | None:
    """Return the window that is in front, or any that is shown."""
    active = QApplication.activeWindow()
    if active is not None:
        return active
    return next((w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isWindow()), None)
