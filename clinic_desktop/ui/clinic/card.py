"""Settings: the clinic's card, as papers show it, and how the clinic counts and writes."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from babel import Locale
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from clinic_desktop.documents.payment_code import is_iban
from clinic_desktop.domain.perio.margins import SIGNS, MarginSign
from clinic_desktop.errors import StaleError
from clinic_desktop.i18n import LANGUAGES, N_, _
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import (
    ClinicCard,
    ClinicValues,
    InvoiceRules,
    InvoiceRuleValues,
)
from clinic_desktop.services.context import Context
from clinic_desktop.services.history.service import Saved, last_save
from clinic_desktop.ui.clinic.logo import LogoEditor
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.history.view import show_history
from clinic_desktop.ui.record_form import RecordForm
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit, NumberField, TextArea
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.usual import Usual

_RULES: Final = ("exemption", "due_days", "pay_note")
_NOTATIONS: Final = {
    "fdi": N_("FDI: 11 to 48"),
    "universal": N_("Universal: 1 to 32"),
    "palmer": N_("Palmer: quadrant and 1 to 8"),
}
_LOCALES: Final = (
    "en_IE", "en_GB", "en_US", "en_CA", "en_AU", "en_NZ", "en_ZA", "es_ES", "es_MX", "es_AR",
    "es_CL", "es_CO", "es_PE", "pt_PT", "pt_BR", "de_DE", "fr_FR", "it_IT", "nl_NL", "pl_PL",
)  # fmt: skip
_SLOTS: Final = (5, 10, 15, 20, 30)


@dataclass(frozen=True)
class Found:
    """What one question brings; ``version`` is the card's."""

    card: ClinicCard
    rules: InvoiceRules
    saved: Saved | None

    @property
    def id(self) -> Any:
        """The clinic's id, the key of its draft."""
        return self.card.id

    @property
    def version(self) -> int:
        """The version of the card."""
        return self.card.version


class ClinicSection(Section):
    """Name, address and numbers of the clinic, its logo, its invoices, its ways of writing."""

    title = N_("Clinic")
    topics = frozenset({"clinic", "setting"})
    logged = ("clinic", "setting")
    sentence = N_("What stands at the head of papers, and how the clinic counts and writes.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        theme = desk.theme
        self._busy = False
        self.logo = LogoEditor(theme)
        self.form = RecordForm(desk, "clinic", self._make_fields(), self)
        self.fixed = Label(theme=theme, size="small", role="text_2", wrap=True)
        self.note = Label(theme=theme, size="small", role="text_2", wrap=True)
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.save_button = Button(_("Save"), theme=theme, key="Ctrl+Enter", kind="primary")
        self.drop = Button(_("Throw the draft away"), theme=theme, kind="link", small=True)
        self.panel = StatePanel(theme=theme, framed=False)
        self._page = self._lay_out()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.panel)
        self.logo.chosen.connect(self._set_logo)
        self.save_button.clicked.connect(self.do_primary)
        self.drop.clicked.connect(self._throw_away)
        self.fields["bank_account"].edited.connect(self._look_at_account)

    @property
    def fields(self) -> dict[str, Field]:
        """The fields by name."""
        return self.form.fields

    def _make_fields(self) -> dict[str, Field]:
        theme = self.desk.theme

        def line(longest: int = 200) -> LineEdit:
            return LineEdit(theme=theme, longest=longest)

        address = TextArea(theme=theme, lines=3, longest=500)
        address.setMaximumHeight(84)
        notations = [(_(words), value) for value, words in _NOTATIONS.items()]
        signs = [(_(words), value.value) for value, words in SIGNS.items()]
        slots = [(_("{count} min").format(count=count), count) for count in _SLOTS]
        editors: dict[str, tuple[str, QWidget]] = {
            "name": (_("Name"), line()),
            "site": (_("Site"), line()),
            "address": (_("Address"), address),
            "phone": (_("Phone"), line(40)),
            "email": (_("E-mail"), line(254)),
            "tax_number": (_("Tax number"), line(60)),
            "bank_account": (_("Account for transfers (IBAN)"), line(60)),
            "legal_line": (_("Line at the foot of papers"), line(300)),
            "exemption": (_("Why invoices carry no tax"), line(300)),
            "due_days": (
                _("Days to pay"), NumberField(theme=theme, least=0, most=365, unit=_("days")),
            ),
            "pay_note": (_("Other ways to pay"), line(300)),
            "locale": (_("Formats"), Choice([], theme=theme)),
            "notation": (_("Tooth numbers"), Choice(notations, theme=theme)),
            "margin_sign": (_("Sign of margins"), Choice(signs, theme=theme)),
            "paper": (_("Paper"), Choice([("A4", "A4"), ("Letter", "Letter")], theme=theme)),
            "slot_minutes": (_("Grid of the calendar"), Choice(slots, theme=theme)),
            "lock_minutes": (
                _("Lock after"), NumberField(theme=theme, least=1, most=60, unit=_("min")),
            ),
        }  # fmt: skip
        needed = {"name", "lock_minutes"}
        fields = {
            name: Field(words, editor, theme=theme, required=name in needed)
            for name, (words, editor) in editors.items()
        }
        minutes = _("{count} min")
        for name, words in (
            ("slot_minutes", minutes), ("lock_minutes", minutes), ("due_days", _("{count} days")),
        ):  # fmt: skip
            schema = InvoiceRuleValues if name in _RULES else ClinicValues
            value = schema.model_fields[name].default
            Usual(fields[name], value, words.format(count=value), theme=theme)
        usual = MarginSign.PLUS
        Usual(fields["margin_sign"], usual.value, _(SIGNS[usual]), theme=theme)
        return fields

    def _lay_out(self) -> QWidget:
        theme = self.desk.theme
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.logo)
        groups: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
            (
                _("Card"),
                (
                    ("name", "site"), ("address",), ("phone", "email"),
                    ("tax_number", "bank_account"), ("legal_line",),
                ),
            ),
            (_("Invoices"), (("exemption",), ("pay_note", "due_days"))),
            (
                _("Ways of writing"),
                (
                    ("locale", "notation"), ("margin_sign", "paper"),
                    ("slot_minutes", "lock_minutes"),
                ),
            ),
        )  # fmt: skip
        for title, rows in groups:
            column.addWidget(Label(title, theme=theme, size="heading"))
            grid = QGridLayout()
            grid.setHorizontalSpacing(12)
            grid.setVerticalSpacing(10)
            for number, names in enumerate(rows):
                for place, name in enumerate(names):
                    wide = 2 if len(names) == 1 else 1
                    grid.addWidget(self.fields[name], number, place, 1, wide)
            grid.setColumnStretch(0, 1)
            grid.setColumnStretch(1, 1)
            column.addLayout(grid)
        for widget in (self.fixed, self.note, self.drop, self.refusal, self.save_button):
            column.addWidget(widget)
        for widget in (self.note, self.drop, self.refusal):
            widget.hide()
        return page

    # -- loading ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask for the card; what is half-typed stays."""
        self.panel.show_loading()
        self.desk.operations.query(
            self,
            _ask,
            self._show,
            failed=lambda error: self.panel.show_failed(str(error), self.reload),
            key="card",
        )

    def _show(self, found: Found) -> None:
        self.panel.show_content(self._page)
        self.logo.show_logo(found.card.logo)
        shown: Any = self.form.row
        if shown is None or not self.form.differs(_values(shown)):
            self._begin(found)
        else:
            # The logo has its own button and moves the card's version on, as nothing else does.
            self._follow_logo(shown, found)

    def _follow_logo(self, shown: Found, found: Found) -> None:
        if _values(shown) == _values(found):
            self.form.row = found

    def _begin(self, found: Found) -> None:
        locale = self.fields["locale"].editor
        assert isinstance(locale, Choice)  # noqa: S101 - made above
        locale.set_options(_locales(found.card.locale))
        kept = self.form.begin(found, _values(found))
        self.note.setText(_("This was half-typed and is not saved yet."))
        self.note.setVisible(kept)
        self.drop.setVisible(kept)
        self.refusal.hide()
        self.fixed.setText(
            _("Fixed since the set-up: currency {currency}, time of {zone}.").format(
                currency=found.card.currency, zone=found.card.zone.replace("_", " ")
            )
        )
        self._look_at_account()
        self._set_busy(False)

    def _throw_away(self) -> None:
        found, typed = self.form.row, self.form.typed()
        self.form.saved()
        self._begin(found)
        self.desk.messages.undoable(
            _("The draft is thrown away."), partial(self.form.restore, typed)
        )

    def _look_at_account(self) -> None:
        """Say when a number is no IBAN: papers then carry it without the code for banking apps."""
        field = self.fields["bank_account"]
        text = str(self.form.typed()["bank_account"]).strip()
        if text and not is_iban(text):
            field.show_warning(
                _("This is not an IBAN. Invoices show it, without a code for banking apps.")
            )
        elif field.state() == "warning":
            field.clear()

    # -- saving -----------------------------------------------------------------------------

    def do_primary(self) -> None:
        """Save the card and the rules of invoices in one act."""
        found: Any = self.form.row
        if self._busy or not isinstance(found, Found) or not self.form.validate():
            return
        values = self.form.values()
        card = ClinicValues(**{k: v for k, v in values.items() if k not in _RULES})
        rules = InvoiceRuleValues(**{name: values[name] for name in _RULES})
        self._set_busy(True)

        def call(ctx: Context) -> None:
            clinic.change_clinic(ctx, found.card.version, card)
            if any(getattr(found.rules, name) != getattr(rules, name) for name in _RULES):
                clinic.change_invoice_rules(ctx, found.rules.version, rules)

        self.desk.operations.change(self, call, self._saved, failed=self._refused)

    def show_history(self) -> None:
        """Show who changed the card."""
        found: Any = self.form.row
        if found is not None:
            card = found.card
            show_history(self.desk, self, name=card.name, table="clinic", row_id=card.id)

    def save_now(self) -> None:
        """Save the card (Ctrl+S)."""
        self.do_primary()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.save_button.setEnabled(not busy)

    def _saved(self, _none: None) -> None:
        self._set_busy(False)
        self.form.saved()
        self.form.drop()
        self.desk.messages.say(
            _("Saved. Open windows show the new formats after the next sign-in.")
        )
        self.refresh()

    def _refused(self, error: Exception) -> None:
        self._set_busy(False)
        if isinstance(error, StaleError):
            self._compare()
        elif not self.form.refuse(error):
            self.refusal.setText(str(error))
            self.refusal.show()

    def _compare(self) -> None:
        before: Any = self.form.row

        def show(newer: Found) -> None:
            self.form.compare(
                record=newer.card.name,
                before=_values(before),
                theirs=_values(newer),
                newer=newer,
                saved=newer.saved,
                again=self.do_primary,
            )

        self.desk.operations.query(self, _ask, show, failed=self._refused, key="newer")

    def _set_logo(self, content: bytes | None) -> None:
        """Store another logo, or none; the one before can be taken back."""
        found: Any = self.form.row
        if not isinstance(found, Found):
            return
        before = found.card.logo

        def call(ctx: Context) -> None:
            # Nobody types a logo: the newest version is taken, whatever else was saved.
            clinic.set_logo(ctx, clinic.clinic_card(ctx).version, content)

        def undo() -> None:
            self._set_logo(before)

        def done(_none: None) -> None:
            said = _("The logo is set.") if content is not None else _("The logo is taken away.")
            self.desk.messages.undoable(said, undo)
            self.refresh()

        self.desk.operations.change(
            self, call, done, failed=lambda error: self.logo.refuse(str(error))
        )

    # -- what the window asks ---------------------------------------------------------------

    def start_focus(self) -> None:
        """Begin with the name."""
        self.fields["name"].editor.setFocus()

    def panes(self) -> list[QWidget]:
        """Return the form."""
        return [self.fields["name"].editor]

    def leaving(self) -> None:
        """Keep what is half-typed."""
        self.form.keep()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the section."""
        return [KeyHelp("Ctrl+Enter", _("save"))]


def _ask(ctx: Context) -> Found:
    card = clinic.clinic_card(ctx)
    return Found(card, clinic.invoice_rules(ctx), last_save(ctx, "clinic", card.id))


def _values(found: Found) -> dict[str, Any]:
    card = {name: getattr(found.card, name) for name in ClinicValues.model_fields}
    return {**card, **{name: getattr(found.rules, name) for name in _RULES}}


def _locales(own: str) -> list[tuple[str, str]]:
    """Return the ways of writing dates and money, the clinic's own among them."""
    found = []
    for code in dict.fromkeys((*_LOCALES, own)):
        locale = Locale.parse(code)
        name = locale.get_display_name(code[:2] if code[:2] in LANGUAGES else "en") or code
        found.append((name[:1].upper() + name[1:], code))
    return found
