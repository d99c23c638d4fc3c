"""What a column of the file becomes, and how it writes: below the table of columns."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.i18n import N_, _
from clinic_desktop.services.imports.schemas import MappedColumn
from clinic_desktop.services.imports.targets import TARGETS
from clinic_desktop.ui.imports.tables import ColumnRow, field_words
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.fields import Choice
from clinic_desktop.ui.widgets.labels import Label

_STYLES: Final = {
    "dates": (
        (N_("day, month, year"), "dmy"),
        (N_("month, day, year"), "mdy"),
        (N_("year, month, day"), "ymd"),
    ),
    "amounts": ((N_("comma before the decimals"), ","), (N_("point before the decimals"), ".")),
    "sexes": (
        (N_("M is male"), "male"),
        (N_("M is mujer, female"), "female"),
    ),
}


class ColumnForm(QWidget):
    """Two choices and the sentence of what is in doubt."""

    chosen = Signal(object)
    """The MappedColumn that a person said; an empty field leaves the column out."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._row: ColumnRow | None = None
        self.name = Label(theme=theme, size="strong")
        self.field = Choice(theme=theme)
        self.field.setAccessibleName(_("Becomes"))
        self.field.setMinimumContentsLength(20)
        self.style_choice = Choice(theme=theme)
        self.style_choice.setAccessibleName(_("How the column writes"))
        self.style_choice.setMinimumContentsLength(16)
        self.note = Label(theme=theme, role="warning")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(8)
        row.addWidget(self.name)
        row.addWidget(self.field)
        row.addWidget(self.style_choice)
        row.addWidget(self.note, 1)
        self.field.chosen.connect(lambda _value: self._tell(keep_style=False))
        self.style_choice.chosen.connect(lambda _value: self._tell(keep_style=True))

    def show_column(self, row: ColumnRow | None) -> None:
        """Show a column's choices."""
        self._row = row
        self.setEnabled(row is not None)
        if row is None:
            return
        seen, target = row.seen, TARGETS[row.kind]
        self.name.setText(seen.header[:40] or _("Column {number}").format(number=seen.column + 1))
        fields = [(_("is left out"), ("", 0))]
        fields += [(_(words), (key, 0)) for key, words in target.labels.items()]
        if row.kind == "patients":
            fields += [
                (field_words(row.kind, key, person), (key, person))
                for person in range(1, max(3, seen.person) + 1)
                for key in ("name", "born", "sex")
            ]
        if seen.person and (seen.field, seen.person) not in [value for _words, value in fields]:
            words = field_words(row.kind, seen.field, seen.person)
            fields.append((words, (seen.field, seen.person)))
        self.field.set_options(fields)
        self.field.set_value((seen.field, seen.person) if seen.field else ("", 0))
        kinds = {"dates": target.dates, "amounts": target.amounts, "sexes": target.sexes}
        styles = next((_STYLES[kind] for kind, keys in kinds.items() if seen.field in keys), ())
        self.style_choice.set_options([(_(words), value) for words, value in styles])
        self.style_choice.set_value(seen.style)
        self.style_choice.setVisible(bool(styles))
        self.note.setText(seen.note)

    def start_focus(self) -> None:
        """Begin in the field."""
        self.field.setFocus()

    def _tell(self, *, keep_style: bool) -> None:
        if self._row is None:
            return
        field, person = self.field.value() or ("", 0)
        style = self.style_choice.value() if keep_style else ""
        self.chosen.emit(
            MappedColumn(
                column=self._row.seen.column, field=field, person=person, style=style or ""
            )
        )
