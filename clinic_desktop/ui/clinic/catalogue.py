"""What services, rooms and providers share: a table, and beside it the form of one of them."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from clinic_desktop.errors import StaleError
from clinic_desktop.i18n import _
from clinic_desktop.services.context import Context
from clinic_desktop.services.history.service import Saved, last_save
from clinic_desktop.services.leaving.schemas import Leaving
from clinic_desktop.ui.clinic.putting_away import PuttingAway
from clinic_desktop.ui.clinic.record_card import RecordCard
from clinic_desktop.ui.clinic.record_list import RecordList, Words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.history.view import show_history
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.fields import Field
from clinic_desktop.ui.widgets.rows_model import RowsModel
from clinic_desktop.ui.widgets.side import SideSplit

T = TypeVar("T")


class CatalogueSection(Section, Generic[T]):
    """A section of records that are added, changed and put away, never deleted.

    A subclass gives the table's model, the fields, and the calls of its service. Keys: N new,
    Enter into the form, Ctrl+Enter saves, Del puts away or takes back.
    """

    wide = True
    table_name = ""
    """The table of the database, to say who saved last."""
    field_places: ClassVar[Mapping[str, tuple[int, int, int]]] = {}
    """Row, column and columns taken of each field; where empty they stand below one another."""

    def __init__(
        self, desk: Desk, *, words: Words, model: RowsModel[T], fields: Mapping[str, Field]
    ) -> None:
        super().__init__(desk)
        self.words = words
        self.model = model
        self._loaded = False
        self._wanted: UUID | None = None
        self._list = RecordList(
            words, model, theme=desk.theme, searched=self.searched, stretched=self.stretched
        )
        self.table, self.panel = self._list.table, self._list.panel
        self.new, self.search = self._list.new, self._list.search
        self.table.setObjectName(f"settings.{self.table_name}")
        self.card = RecordCard(
            desk, self.table_name, fields, lay_out=self.lay_out_fields, section=self
        )
        self.card.set_title(words.new)
        self.form, self.note, self.refusal = self.card.form, self.card.note, self.card.refusal
        self.save_button, self.away, self.drop = self.card.save, self.card.away, self.card.drop
        self._away = PuttingAway(self, self, done=self._put_away, refused=self._refused)
        self.split = SideSplit(self._list, self.card, theme=desk.theme, width=360, least=380)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.split)
        self.setMinimumHeight(420)
        self._connect()

    def lay_out_fields(self, column: QVBoxLayout, fields: Mapping[str, Field]) -> None:
        """Put the fields into their ``field_places``, or below one another."""
        if not self.field_places:
            for field in fields.values():
                column.addWidget(field)
            return
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for name, (row, at, span) in self.field_places.items():
            grid.addWidget(fields[name], row, at, 1, span)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)

    def _connect(self) -> None:
        self.table.row_changed.connect(self._chosen)
        self.table.opened.connect(self._into_form)
        self.new.clicked.connect(self.begin_new)
        self.save_button.clicked.connect(self.do_primary)
        self.away.clicked.connect(self.put_away)
        self.drop.clicked.connect(self._throw_away)
        for key, act in (("N", self.begin_new), ("Del", self.put_away)):
            bind(self.table, key, act)

    # -- what a subclass gives --------------------------------------------------------------

    def ask(self, ctx: Context) -> Any:
        """Return everything that the section shows."""
        raise NotImplementedError

    def rows_of(self, found: Any) -> tuple[T, ...]:
        """Return the rows out of what ``ask`` returned, and take over the rest."""
        raise NotImplementedError

    def values_of(self, row: T | None) -> dict[str, Any]:
        """Return the values of the fields, of a new record for None."""
        raise NotImplementedError

    def name_of(self, row: T) -> str:
        """Return what a record is called."""
        raise NotImplementedError

    def searched(self, row: T) -> str:
        """Return the words by which a record is found."""
        return self.name_of(row)

    def is_active(self, row: T) -> bool:
        """Return whether a record is in use."""
        raise NotImplementedError

    def store(self, ctx: Context, record: UUID, row: T | None, values: dict[str, Any]) -> None:
        """Add a record (``row`` is None) or change it."""
        raise NotImplementedError

    def stretched(self) -> int:
        """Return the column that takes the room left."""
        return 0

    def given_up(self, _row: T) -> Leaving | None:
        """Return who or what bookings would be left without, None where nobody books it."""
        return None

    # -- loading ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask again; what is half-typed stays."""
        self.panel.show_loading()
        self.desk.operations.query(self, self.ask, self._show, failed=self._not_loaded, key="rows")

    def _not_loaded(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self.reload)

    def _show(self, found: Any) -> None:
        self._list.show_rows(self.rows_of(found))
        self._loaded = True
        if self._wanted is not None and self._list.go_to(self._wanted):
            self._wanted = None
        if self.form.drafts is None and not self.table.current_row().isValid():
            self.table.choose_row(0)
        shown: Any = self.form.row
        newer: Any = next((r for r in self.rows if shown is not None and _id(r) == shown.id), None)
        if shown is None and self.form.drafts is None:
            self._begin(self.record())
        elif newer is not None and self._may_renew(shown, newer):
            self._begin(newer)

    def _may_renew(self, shown: Any, newer: Any) -> bool:
        """Return whether somebody saved it and nothing is typed here that would be lost.

        What is being typed stays, and is compared when it is saved.
        """
        changed = newer.version != shown.version
        return changed and not self.form.differs(self.values_of(shown))

    @property
    def rows(self) -> tuple[T, ...]:
        """Every record of the section, also those that the search leaves out."""
        return self._list.rows

    def record(self) -> T | None:
        """Return the chosen record."""
        return self._list.record()

    # -- the form ---------------------------------------------------------------------------

    @Slot(QModelIndex)
    def _chosen(self, _index: QModelIndex) -> None:
        row = self.record()
        if self._list.filling and self.form.drafts is not None:
            return  # the list was filled again: whatever is being typed stays
        if row is not None and (self.form.row is None or _id(self.form.row) != _id(row)):
            self._begin(row)

    @Slot()
    def begin_new(self) -> None:
        """Start a new record."""
        if self._loaded:
            self._begin(None)
            self._into_form()

    def _begin(self, row: T | None) -> None:
        self.card.begin(
            row,
            self.values_of(row),
            title=self.words.new if row is None else self.name_of(row),
            active=row is None or self.is_active(row),
        )

    @Slot()
    def _throw_away(self) -> None:
        """Throw the draft away and show what is stored; it can be undone."""
        typed = self.form.typed()
        row = self.form.row
        self.form.saved()
        self._begin(row)

        def back() -> None:
            self.form.restore(typed)

        self.desk.messages.undoable(_("The draft is thrown away."), back)

    @Slot()
    @Slot(QModelIndex)
    def _into_form(self, _index: QModelIndex | None = None) -> None:
        if self.split.is_drawer() and not self.split.is_shown():
            self.split.toggle()
        self.card.go_in()

    def do_primary(self) -> None:
        """Save what is typed."""
        if self.card.busy or not self._loaded or self.form.drafts is None:
            return
        if not self.form.validate():
            return
        self.refusal.hide()
        values, row, record = self.form.values(), self.form.row, self.form.id
        self.card.set_busy(True)
        self.desk.operations.change(
            self,
            lambda ctx: self.store(ctx, record, row, values),
            lambda _none: self._saved(record),
            failed=self._refused,
        )

    def save_now(self) -> None:
        """Save what is typed (Ctrl+S)."""
        self.do_primary()

    def _saved(self, record: UUID) -> None:
        self.card.set_busy(False)
        self.card.tell_draft(kept=False)
        if self.form.id == record:
            self.form.saved()
            self.form.drop()
        self._wanted = record
        self.desk.messages.say(_("Saved."))
        self.refresh()

    def _refused(self, error: Exception) -> None:
        self.card.set_busy(False)
        if isinstance(error, StaleError):
            self._compare()
        else:
            self.card.refuse(error)

    def _compare(self) -> None:
        """Somebody saved this record first: fetch their version and show both."""
        record, before = self.form.id, self.values_of(self.form.row)

        def call(ctx: Context) -> tuple[Any, Saved | None]:
            return self.ask(ctx), last_save(ctx, self.table_name, record)

        def show(found: tuple[Any, Saved | None]) -> None:
            newer: Any = next((r for r in self.rows_of(found[0]) if _id(r) == record), None)
            if newer is None or self.form.id != record:
                return
            self.form.compare(
                record=self.name_of(newer),
                before=before,
                theirs=self.values_of(newer),
                newer=newer,
                saved=found[1],
                again=self.do_primary,
            )

        self.desk.operations.query(self, call, show, failed=self._refused, key="newer")

    # -- put away ---------------------------------------------------------------------------

    @Slot()
    def put_away(self) -> None:
        """Use the chosen record no longer, or again; what it stands in stays as it is."""
        row: Any = self.form.row
        if row is not None and not self.card.busy:
            self._away.set_active(row, active=not self.is_active(row))

    def _put_away(self, record: UUID) -> None:
        self._wanted = record
        self.refresh()

    # -- what the window asks ---------------------------------------------------------------

    def open_at(self, *, record: UUID | None = None, **_where: Any) -> None:
        """Show one record."""
        self._wanted = record
        self.refresh()

    def start_focus(self) -> None:
        """Begin in the table."""
        self.table.setFocus()

    def find_here(self) -> None:
        """Go to the search of the list."""
        self._list.find_here()

    def panes(self) -> list[QWidget]:
        """Return the table and the form."""
        return [self.table, self.card.first()]

    def show_history(self) -> None:
        """Show who changed the chosen record."""
        row = self.record()
        if row is not None:
            name = self.name_of(row)
            show_history(self.desk, self, name=name, table=self.table_name, row_id=_id(row))

    def toggle_side(self) -> None:
        """Show or hide the form."""
        self.split.toggle()

    def leaving(self) -> None:
        """Keep what is half-typed."""
        self.form.keep()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the section."""
        area = self.words.many
        return [
            KeyHelp("Ctrl+Enter", _("save")),
            KeyHelp("N", _("new"), area),
            KeyHelp("Enter", _("into the form"), area),
            KeyHelp("Del", _("put away or take back"), area),
            KeyHelp("Ctrl+H", _("history"), area),
        ]


def _id(row: Any) -> UUID:
    found: UUID = row.id
    return found
