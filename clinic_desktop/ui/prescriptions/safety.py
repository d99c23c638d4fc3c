"""The safety panel: what stops, what to mind, what was compared, and what nobody could compare."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.formulary import LIST_DATE, LIST_VERSION, Medicine, medicine_of
from clinic_desktop.i18n import _
from clinic_desktop.services.patients.schemas import AlertRow
from clinic_desktop.ui.prescriptions.item_card import ItemCard
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel
from clinic_desktop.ui.widgets.pictures import Icon
from clinic_desktop.ui.widgets.rule import rule
from clinic_desktop.ui.widgets.states import HatchBox

LEAST_REASON: Final = 10
# Alerts that a prescriber minds besides allergies.
_MINDED: Final = ("anticoagulant", "pregnancy", "condition", "medicine", "other")


class SafetyPanel(Panel):
    """Speaks about the medicine that is looked at; the reason holds for the whole prescription."""

    reason_changed = Signal()

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__(_("Safety"), theme=theme, icon="shield-check")
        self._locale = locale
        self._alerts: tuple[AlertRow, ...] = ()
        self.stop = QFrame()
        self.stop.setProperty("kind", "panel")
        self.stop.setProperty("tone", "danger")
        self.stop_title = Label(
            theme=theme, size="large", role="on_danger_soft", weight=600, wrap=True
        )
        self.stop_words = Label(theme=theme, role="on_danger_soft", wrap=True)
        self.reason = LineEdit(theme=theme, longest=1000, placeholder=_("At least 10 characters"))
        self.reason_field = Field(
            _("Reason to prescribe anyway, kept with the record"),
            self.reason,
            theme=theme,
            check=self._short,
        )
        self.reason_field.edited.connect(self.reason_changed)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        self._lay_out()

    def _lay_out(self) -> None:
        stop = QVBoxLayout(self.stop)
        stop.setContentsMargins(12, 12, 12, 12)
        stop.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(Icon("octagon-alert", theme=self.theme, role="on_danger_soft", size=20))
        head.addWidget(self.stop_title, 1)
        stop.addLayout(head)
        stop.addWidget(self.stop_words)
        stop.addWidget(self.reason_field)
        self.stop.hide()
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stop)
        column.addLayout(self.rows)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        self.body.setSpacing(0)
        self.body.addWidget(area, 1)
        self.body.addWidget(self._always())

    def _always(self) -> QWidget:
        """Return what is said at the bottom whatever was found."""
        box = HatchBox(self.theme, framed=False)
        row = QHBoxLayout(box)
        row.setContentsMargins(12, 12, 12, 12)
        row.setSpacing(8)
        row.addWidget(Icon("circle-help", theme=self.theme, role="on_unknown_soft"))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(
            Label(_("No alert does not mean safe."), theme=self.theme, size="strong",
                  role="on_unknown_soft", wrap=True)
        )  # fmt: skip
        self.list_words = Label(
            _(
                "Compared with the list of {date}, version {version}, "
                "and only with what is recorded here."
            ).format(date=format_date(LIST_DATE, self._locale), version=LIST_VERSION),
            theme=self.theme,
            role="on_unknown_soft",
            wrap=True,
        )
        words.addWidget(self.list_words)
        row.addLayout(words, 1)
        return box

    # -- what is shown ----------------------------------------------------------------------

    def set_alerts(self, alerts: Sequence[AlertRow]) -> None:
        """Say what is known of the patient."""
        self._alerts = tuple(alerts)

    def _add_allergies(self) -> None:
        allergies = [alert for alert in self._alerts if alert.kind == "allergy"]
        none = [alert for alert in self._alerts if alert.kind == "no_known_allergies"]
        if allergies:
            names = ", ".join(_words(alert) for alert in allergies)
            self._add("octagon-alert", "danger", _("Allergies"), names)
        elif none:
            day = format_date(max(alert.noted_on for alert in none), self._locale)
            self._add(
                "check", "success", _("No known allergies"), _("asked {date}").format(date=day)
            )
        else:
            self._add(
                "circle-help", "unknown", _("Allergies"), _("nobody has asked yet"), hatched=True
            )

    def allergies(self) -> tuple[str, ...] | None:
        """Return the recorded allergies, None when nobody asked."""
        if not any(alert.kind in ("allergy", "no_known_allergies") for alert in self._alerts):
            return None
        return tuple(
            f"{alert.substance} {alert.text}".strip()
            for alert in self._alerts
            if alert.kind == "allergy"
        )

    def show_item(self, card: ItemCard | None, cards: Sequence[ItemCard]) -> None:
        """Speak about a medicine; the stop stands as long as any medicine has one."""
        self.set_note(
            ""
            if card is None
            else _("item {number}, {drug}").format(number=card.number.text(), drug=card.drug.text())
        )
        stopped = [one for one in cards if one.conflicts]
        self.stop.setVisible(bool(stopped))
        if stopped:
            first = card if card is not None and card.conflicts else stopped[0]
            self.stop_title.setText(_("Stop: {allergy}").format(allergy=", ".join(first.conflicts)))
            self.stop_words.setText(
                _("{drug} stands against a recorded allergy. Change it, or write the reason.")
                .format(drug=first.drug.text())
            )  # fmt: skip
        self._fill(medicine_of(card.drug.text()) if card is not None else None, card)

    def _fill(self, medicine: Medicine | None, card: ItemCard | None) -> None:
        while (item := self.rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._add_allergies()
        for alert in self._alerts:
            if alert.kind in _MINDED:
                self._add("triangle-alert", "warning", _words(alert), _("recorded"))
        if card is None:
            return
        if medicine is None:
            self._add(
                "circle-help", "unknown", _("Not in the list"),
                _("this medicine was compared with nothing but the words of the allergies"),
                hatched=True,
            )  # fmt: skip
        else:
            self._of_list(medicine, card)
        self._add(
            "circle-help", "unknown", _("Other medicines, kidneys, liver"),
            _("not recorded, not checked"), hatched=True,
        )  # fmt: skip

    def _of_list(self, medicine: Medicine, card: ItemCard) -> None:
        if not card.conflicts and self.allergies() is not None:
            self._add("check", "success", _("Allergy"), _("none recorded against it"))
        facts = (
            (_("Cautions"), medicine.cautions),
            (_("Age"), medicine.min_age),
            (_("Most for adults"), medicine.adult_most),
            (_("Most for children"), medicine.child_most),
            (_("Pregnancy"), medicine.pregnancy),
        )
        for name, words in facts:
            if words:
                self._add("info", "info", name, words)

    def _add(self, icon: str, role: str, name: str, words: str, *, hatched: bool = False) -> None:
        self.rows.addWidget(_Row(self.theme, icon, role, name, words, hatched=hatched))

    def said(self) -> list[str]:
        """Return what is said, row by row."""
        items = (self.rows.itemAt(place) for place in range(self.rows.count()))
        rows = (item.widget() for item in items if item is not None)
        return [row.words for row in rows if isinstance(row, _Row)]

    # -- the reason -------------------------------------------------------------------------

    def stopped_without_reason(self) -> bool:
        """Return whether a stop stands that nobody gave a reason for."""
        return self.stop.isVisibleTo(self) and self._short() is not None

    def _short(self) -> str | None:
        if len(" ".join(self.reason.text().split())) >= LEAST_REASON:
            return None
        return _("Write the reason in at least {count} characters.").format(count=LEAST_REASON)


class _Row(QWidget):
    """An icon, what it is about, and what is known of it; hatched when nothing is."""

    def __init__(
        self, theme: Theme, icon: str, role: str, name: str, words: str, *, hatched: bool
    ) -> None:
        super().__init__()
        self.words = f"{name}: {words}"
        self.setAccessibleName(self.words)
        box = HatchBox(theme, framed=False) if hatched else QFrame()
        ink = "on_unknown_soft" if hatched else "text"
        row = QHBoxLayout(box)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(
            Icon(icon, theme=theme, role=ink if hatched else role), 0, Qt.AlignmentFlag.AlignTop
        )
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Label(name, theme=theme, size="strong", role=ink, wrap=True))
        said = Label(words, theme=theme, role=ink if hatched else "text_2", wrap=True)
        texts.addWidget(said)
        row.addLayout(texts, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(box)
        column.addWidget(rule())


def _words(alert: AlertRow) -> str:
    """Return an alert in few words: substance and what it does."""
    if not alert.substance or alert.text.startswith(alert.substance):
        return alert.text
    return _("{substance}: {reaction}").format(substance=alert.substance, reaction=alert.text)
