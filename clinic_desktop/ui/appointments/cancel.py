"""Asking why an appointment is cancelled, and of a series which ones: one key for the usual."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QCheckBox, QWidget

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.schemas import clean_line
from clinic_desktop.services.series.schemas import Scope
from clinic_desktop.ui.drafts import Drafts, keep_texts
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit
from clinic_desktop.ui.widgets.segmented import Segmented

DRAFT: Final = "cancel"


@dataclass(frozen=True, slots=True)
class Parts:
    """How many of a series are still to come, and how many of them were moved by themselves."""

    following: int
    whole: int
    apart: int


class CancelDialog(Dialog):
    """Takes a reason and hands it over; of a series, ``scope`` and ``with_apart`` say which."""

    def __init__(
        self,
        name: str,
        on_reason: Callable[[str], None],
        *,
        theme: Theme,
        parent: QWidget,
        drafts: Drafts,
        key: str,
        parts: Parts | None = None,
    ) -> None:
        """``key`` tells the visit; its draft is forgotten by who has cancelled it.

        ``parts`` is given for an appointment of a series.
        """
        super().__init__(
            _("Cancel the appointment of {name}").format(name=name),
            theme=theme,
            parent=parent,
            icon="calendar-x",
            width=540 if parts is None else 600,
            # "Cancel" beside "Cancel appointment" would be a riddle.
            close_words=_("Keep the appointment"),
        )
        self._on_reason = on_reason
        self._scope: Segmented | None = None
        self._apart = QCheckBox()
        if parts is not None:
            self._ask_which(parts)
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

    def _ask_which(self, parts: Parts) -> None:
        """Ask which of the series: this one, unless somebody says otherwise."""
        following = _("This and following ({count})").format(count=parts.following)
        whole = _("The whole series ({count})").format(count=parts.whole)
        options = [
            (_("This one alone"), Scope.THIS.value),
            (following, Scope.FOLLOWING.value),
            (whole, Scope.ALL.value),
        ]
        name = _("Which appointments")
        self._scope = Segmented(options, theme=self.theme, name=name)
        self.body.addWidget(Field(name, self._scope, theme=self.theme, name="scope"))
        words = ngettext(
            "Also {count} that was moved by itself",
            "Also {count} that were moved by themselves",
            parts.apart,
        )
        self._apart.setText(words.format(count=parts.apart))
        self._apart.setChecked(True)
        self.body.addWidget(self._apart)
        self._apart.hide()
        self._scope.chosen.connect(
            lambda scope: self._apart.setVisible(bool(parts.apart) and scope != Scope.THIS.value)
        )

    @property
    def scope(self) -> Scope:
        """Which appointments are meant."""
        return Scope(self._scope.value()) if self._scope is not None else Scope.THIS

    @property
    def with_apart(self) -> bool:
        """Whether those that were moved by themselves are meant too."""
        return self._apart.isChecked()

    def _take(self) -> None:
        reason = clean_line(self.words.text()) or str(self.usual.value())
        self._draft.keep_now()
        self.accept()
        self._on_reason(reason)
