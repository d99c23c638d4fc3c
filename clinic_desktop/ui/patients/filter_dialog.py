"""The conditions of the list in one form, each with the word for "any"."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_desktop.domain.dates import format_date, parse_date
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.patients.filtering import WORDS
from clinic_desktop.services.patients.list_schemas import ListFilter
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.filter_words import day_words
from clinic_desktop.ui.patients.question import FILTERS
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.editors import Choice
from clinic_desktop.ui.widgets.fields import Field
from clinic_desktop.ui.widgets.line import LineEdit

_TYPED: Final = "typed"
Options = Sequence[tuple[str, Any]]


class FilterDialog(Dialog):
    """Hands the filter to ``use``; nothing is asked before Show is pressed."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        chosen: ListFilter,
        *,
        tags: Options,
        providers: Options,
        use: Callable[[ListFilter], None],
    ) -> None:
        super().__init__(
            _("Which patients are shown"),
            theme=desk.theme,
            parent=parent,
            sentence=_("Everything chosen has to be true of a patient."),
            icon="funnel",
            width=620,
        )
        self.desk, self._use = desk, use
        self._today = desk.operations.now().date()
        self.fields: dict[str, Field] = {}
        self._lay_out(tags, providers)
        self.show_filter(chosen)
        self.add_act(_("Show everybody"), self._clear, key="Alt+0")
        self.set_primary(_("Show"), self._show_chosen, key="Ctrl+Enter")

    def _lay_out(self, tags: Options, providers: Options) -> None:
        money = self.desk.who.may("billing.read")
        choices: list[tuple[str, str, Options]] = [
            ("status", _("Status"), [(_(words), key) for key, words in FILTERS.items()]),
            ("tag", _("Tag"), [(_("Any tag or none"), None), *tags]),
            ("provider", _("Seen by"), [(_("Anybody"), None), *providers]),
            ("next_visit", _("Next visit"), _options("next_visit", _("Booked or not"))),
            ("last_visit", _("Last visit"), [*_options("last_visit", _("Whenever")),
                                             (_("Before a day…"), _TYPED)]),
            ("birthday", _("Birthday"), [*_options("birthday", _("Whenever")),
                                         (_("Between two days…"), _TYPED)]),
        ]  # fmt: skip
        if money:
            choices.insert(4, ("balance", _("Account"), _options("balance", _("Whatever it is"))))
        for name, label, options in choices:
            self._put(name, label, Choice(options, theme=self.theme))
        line = LineEdit(theme=self.theme, placeholder=_("such as 1.3.2026"))
        self._put("before", _("Last visit before"), line)
        line.left.connect(lambda: _write_out(line, self._day_text))
        between = LineEdit(theme=self.theme, placeholder=_("such as 1.3. to 15.3."))
        self._put("between", _("Birthday between"), between)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for place, field in enumerate(self.fields.values()):
            grid.addWidget(field, place // 2, place % 2)
        self.body.addLayout(grid)
        for name in ("last_visit", "birthday"):
            self._choice(name).chosen.connect(lambda _value: self._arrange())

    def _put(self, name: str, label: str, editor: QWidget) -> None:
        self.fields[name] = Field(label, editor, theme=self.theme, name=name)

    def _choice(self, name: str) -> Choice:
        editor = self.fields[name].editor
        if not isinstance(editor, Choice):
            raise TypeError(name)
        return editor

    def _line(self, name: str) -> LineEdit:
        editor = self.fields[name].editor
        if not isinstance(editor, LineEdit):
            raise TypeError(name)
        return editor

    def _arrange(self) -> None:
        """Show the lines for days only where days are asked for."""
        for choice, line in (("last_visit", "before"), ("birthday", "between")):
            self.fields[line].setVisible(self._choice(choice).value() == _TYPED)

    def show_filter(self, chosen: ListFilter) -> None:
        """Show a filter in the form."""
        locale = self.desk.who.locale
        for name, field in self.fields.items():
            editor = field.editor
            if isinstance(editor, Choice):
                value = getattr(chosen, name)
                known = name not in ("last_visit", "birthday") or not value or value in WORDS[name]
                editor.set_value(value if known else _TYPED)
        if self._choice("last_visit").value() == _TYPED:
            day = date.fromisoformat(chosen.last_visit)
            self._line("before").setText(format_date(day, locale))
        if self._choice("birthday").value() == _TYPED:
            first, last = (day_words(part, locale) for part in chosen.birthday.split("-"))
            self._line("between").setText(f"{first} – {last}")
            self._kept_span = (self._line("between").text(), chosen.birthday)
        self._arrange()

    _kept_span: tuple[str, str] = ("", "")

    def read(self) -> ListFilter:
        """Return what is chosen; raises InvalidError with the field."""
        values: dict[str, Any] = {
            name: field.editor.value()
            for name, field in self.fields.items()
            if isinstance(field.editor, Choice)
        }
        if values["last_visit"] == _TYPED:
            values["last_visit"] = self._day(self._line("before").text(), "before").isoformat()
        if values["birthday"] == _TYPED:
            values["birthday"] = self._span()
        return ListFilter(**values)

    def _day(self, typed: str, field: str) -> date:
        try:
            return parse_date(typed, locale=self.desk.who.locale, today=self._today)
        except InvalidError as refused:
            raise InvalidError(str(refused), field=field) from refused

    def _day_text(self, typed: str) -> str:
        return format_date(self._day(typed, "before"), self.desk.who.locale)

    def _span(self) -> str:
        text = self._line("between").text().strip()
        if text and text == self._kept_span[0]:
            return self._kept_span[1]
        for between in (" – ", " - ", "–", _(" to "), " to "):
            first, found, last = text.partition(between)
            if found:
                days = [self._month_day(part.strip()) for part in (first, last)]
                return "-".join(days)
        return "-".join([self._month_day(text)] * 2)

    def _month_day(self, typed: str) -> str:
        """Return month and day of a text, with a year or without one."""
        problem: InvalidError | None = None
        leap = "2024"
        bare = typed.rstrip(". ")
        for tried in (typed, f"{bare}.{leap}", f"{bare} {leap}", f"{bare}/{leap}"):
            try:
                return f"{self._day(tried, 'between'):%m%d}" if tried else ""
            except InvalidError as refused:
                problem = problem or refused
        raise InvalidError(
            _("Write two days, for example 1.3. to 15.3."), field="between"
        ) from problem

    def _show_chosen(self) -> None:
        for field in self.fields.values():
            field.clear()
        try:
            chosen = self.read()
        except InvalidError as refused:
            field = self.fields[refused.field or "between"]
            field.show_error(str(refused))
            field.editor.setFocus()
            return
        self.accept()
        self._use(chosen)

    def _clear(self) -> None:
        self.accept()
        self._use(ListFilter())


def _options(name: str, any_: str) -> list[tuple[str, Any]]:
    return [(any_, ""), *((_(words), key) for key, words in WORDS[name].items())]


def _write_out(line: LineEdit, read: Callable[[str], str]) -> None:
    """Write a day out when the field is left; what cannot be read stays as it is typed."""
    if line.text().strip():
        try:
            line.setText(read(line.text()))
        except InvalidError:
            return
