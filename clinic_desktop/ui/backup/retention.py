"""How long backups are kept, for all places or one, and what the change would remove."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.domain.dates import format_date
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.backup.rules import Preview, change_rules, preview
from clinic_desktop.services.backup.settings import Kept, Rules
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.entry.tasks import Tasks
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field, NumberField
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.usual import Usual

ASK_MS: Final = 300
MOST_NAMED: Final = 8
MEGABYTE: Final = 1_000_000


class RetentionDialog(Dialog):
    """The numbers, and below them what they would take away; the newest two always stay."""

    def __init__(
        self,
        desk: Desk,
        kept: Kept,
        tasks: Tasks,
        changed: Callable[[], None],
        *,
        parent: QWidget,
        place: str | None = None,
    ) -> None:
        title = _("How long backups are kept")
        super().__init__(
            title if place is None else _("How long backups are kept in {name}").format(name=place),
            theme=desk.theme,
            parent=parent,
            sentence=_("Of each of the last days, weeks and months the newest backup stays."),
            icon="archive",
        )
        self._desk, self._kept, self._tasks, self._changed = desk, kept, tasks, changed
        self._name = place
        settings = kept.read()
        one = next((p for p in settings.places if p.name == place), None)
        rules = settings.rules_of(one)
        shown = settings.places if one is None else (one,)
        self._asked = [p.name for p in shown if place is not None or p.rules is None]
        self._newest = 0
        self.fields = self._make_fields(settings.rules_of(None) if place else Rules())
        row = QHBoxLayout()
        row.setSpacing(12)
        for name, field in self.fields.items():
            editor = field.editor
            assert isinstance(editor, NumberField)  # noqa: S101 - made below
            editor.set_value(getattr(rules, name))
            editor.textChanged.connect(self._soon)
            row.addWidget(field, 1)
        self.body.addLayout(row)
        self.told = Label(theme=desk.theme, wrap=True)
        self.refusal = Label(theme=desk.theme, role="danger", wrap=True)
        self.refusal.hide()
        self.body.addWidget(self.told)
        self.body.addWidget(self.refusal)
        self.save = self.set_primary(_("Keep these rules"), self._save)
        if one is not None and one.rules is not None:
            self.add_act(_("As all places"), self._as_all, key="Alt+A")
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(ASK_MS)
        self._wait.timeout.connect(self._ask)
        self._ask()

    def _make_fields(self, usual: Rules) -> dict[str, Field]:
        theme = self.theme
        made = {}
        for name, label, least, most in (
            ("daily", _("Days"), 1, 366),
            ("weekly", _("Weeks"), 0, 520),
            ("monthly", _("Months"), 0, 240),
        ):
            field = Field(
                label, NumberField(theme=theme, least=least, most=most), theme=theme,
                required=True, name=name,
            )  # fmt: skip
            value = getattr(usual, name)
            Usual(field, value, str(value), theme=theme)
            made[name] = field
        return made

    def rules(self) -> Rules | None:
        """Return what is typed, or None while something is wrong with it."""
        valid = [field.validate() for field in self.fields.values()]
        if not all(valid):
            return None
        values = {name: int(field.editor.text()) for name, field in self.fields.items()}  # type: ignore[attr-defined]  # number fields
        return Rules(**values)

    # -- what it would remove ---------------------------------------------------------------

    @Slot()
    def _soon(self) -> None:
        self._wait.start()

    @Slot()
    def _ask(self) -> None:
        rules = self.rules()
        if rules is None:
            self.told.setText("")
            return
        if not self._asked:
            self.told.setText(_("Every place has rules of its own, or none was chosen yet."))
            return
        self._newest += 1
        number, kept, names = self._newest, self._kept, tuple(self._asked)
        self.told.setText(_("Looking what lies there…"))

        def look(name: str) -> Preview | str:
            try:
                return preview(kept, name, rules)
            except ClinicError as error:
                return f"{name}: {error}"

        self._tasks.run(
            self,
            lambda _tell: [look(name) for name in names],
            lambda found: self._show(number, found),
            self._refuse,
        )

    def _show(self, number: int, found: Sequence[Preview | str]) -> None:
        if number == self._newest:
            words = [one if isinstance(one, str) else self._words(one) for one in found]
            self.told.setText("\n".join(words))

    def _words(self, found: Preview) -> str:
        if found.keeps:
            return _("{place}: nothing is ever removed there, {count} stay.").format(
                place=found.place, count=found.stays
            )
        if not found.goes:
            return _("{place}: nothing would go, {count} stay.").format(
                place=found.place, count=found.stays
            )
        days = [format_date(at.date(), self._desk.who.locale) for at in found.goes[:MOST_NAMED]]
        more = len(found.goes) - len(days)
        listed = ", ".join(days) + (" " + _("and {count} more").format(count=more) if more else "")
        size = max(1, round(found.size / MEGABYTE))
        return ngettext(
            "{place}: {count} backup would go ({size} MB), {stays} stay: {days}.",
            "{place}: {count} backups would go ({size} MB), {stays} stay: {days}.",
            len(found.goes),
        ).format(
            place=found.place, count=len(found.goes), size=size, stays=found.stays, days=listed
        )

    # -- keeping ----------------------------------------------------------------------------

    def _save(self) -> None:
        rules = self.rules()
        if rules is not None:
            self._keep(rules)

    def _as_all(self) -> None:
        self._keep(None)

    def _keep(self, rules: Rules | None) -> None:
        try:
            change_rules(self._kept, rules, place=self._name)
        except ClinicError as error:
            self._refuse(error)
            return
        self._desk.messages.say(_("Kept. What goes is removed with the next backup."), "archive")
        self._changed()
        self.accept()

    def _refuse(self, error: Exception) -> None:
        self.refusal.setText(str(error))
        self.refusal.show()
