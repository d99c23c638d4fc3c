"""Asking why an appointment is cancelled: one key for the usual reasons."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.schemas import clean_line
from clinic_desktop.ui.drafts import Drafts, keep_texts
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit

DRAFT: Final = "cancel"


class CancelDialog(Dialog):
    """Takes a reason and hands it over."""

    def __init__(
        self,
        name: str,
        on_reason: Callable[[str], None],
        *,
        theme: Theme,
        parent: QWidget,
        drafts: Drafts,
        key: str,
    ) -> None:
        """``key`` tells the visit; its draft is forgotten by who has cancelled it."""
        super().__init__(
            _("Cancel the appointment of {name}").format(name=name),
            theme=theme,
            parent=parent,
            icon="calendar-x",
            width=460,
        )
        self._on_reason = on_reason
        usual = (_("Unwell"), _("No time"), _("Cancelled by the clinic"), _("Other reason"))
        self.usual = Choice([(text, text) for text in usual], theme=theme, value=usual[0])
        self.words = LineEdit(theme=theme)
        self.body.addWidget(Field(_("Reason"), self.usual, theme=theme, name="reason"))
        self.body.addWidget(Field(_("In other words"), self.words, theme=theme, name="words"))
        self.set_primary(_("Cancel appointment"), self._take, key="Ctrl+Enter")
        self._draft = keep_texts(
            drafts, form=DRAFT, key=key, editors={"words": self.words}, parent=self
        )
        self.leaving.connect(self._draft.keep_now)
        self.usual.setFocus()

    def _take(self) -> None:
        reason = clean_line(self.words.text()) or str(self.usual.value())
        self._draft.keep_now()
        self.accept()
        self._on_reason(reason)
