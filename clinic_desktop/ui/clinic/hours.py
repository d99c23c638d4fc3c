"""Settings: when the clinic is open, each provider works and each room is in use."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.errors import StaleError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ChairRow, ProviderRow, WorkingSpan
from clinic_desktop.services.context import Context
from clinic_desktop.services.working_time.schemas import BookingsAheadError
from clinic_desktop.ui.clinic.hours_form import WeekForm, texts_of
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.record_form import RecordForm
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Choice, Field
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel


@dataclass(frozen=True)
class Owner:
    """Whose hours they are; stands in for a stored row in the form. ``version`` is not counted."""

    id: UUID
    provider_id: UUID | None
    spans: tuple[WorkingSpan, ...]
    version: int = 0
    chair_id: UUID | None = None


@dataclass(frozen=True)
class Found:
    """What one question brings."""

    providers: tuple[ProviderRow, ...]
    chairs: tuple[ChairRow, ...]
    spans: tuple[WorkingSpan, ...]


class HoursSection(Section):
    """One week, of the clinic, a provider or a room.

    A provider without hours has the clinic's; a room without any is in use all day.
    """

    title = N_("Hours")
    topics = frozenset({"working_time", "provider", "chair"})
    logged = ("working_time",)
    wide = True
    sentence = N_("Hours repeat every week. Write them as 08:00–12:00, 13:00–17:00.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        theme = desk.theme
        self._found: Found | None = None
        self._busy = False
        self.whose = Choice([(_("The clinic"), None)], theme=theme, value=None)
        self.whose.setCurrentIndex(0)
        self.whose_field = Field(_("Whose hours"), self.whose, theme=theme)
        self.follows = Label(theme=theme, role="text_2", wrap=True)
        self.week = WeekForm(theme)
        self.form = RecordForm(desk, "hours", self.week.fields, self)
        self.note = Label(theme=theme, size="small", role="text_2", wrap=True)
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.save_button = Button(_("Save"), theme=theme, key="Ctrl+Enter", kind="primary")
        self.keep = Button(_("Save, the bookings stay"), theme=theme, kind="plain")
        self.drop = Button(_("Throw the draft away"), theme=theme, kind="link", small=True)
        self.panel = StatePanel(theme=theme)
        self._lay_out()
        self.whose.chosen.connect(self._choose)
        self.save_button.clicked.connect(self.do_primary)
        self.keep.clicked.connect(self._save_keeping)
        self.drop.clicked.connect(self._throw_away)

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(12)
        column.addWidget(self.week)
        for label in (self.note, self.refusal):
            column.addWidget(label)
            label.hide()
        row = QHBoxLayout()
        row.addWidget(self.drop)
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.save_button)
        self.keep.hide()
        column.addLayout(row)
        column.addStretch(1)
        self._page = page
        self.drop.hide()
        head = QHBoxLayout()
        head.setSpacing(16)
        self.whose_field.setFixedWidth(280)
        head.addWidget(self.whose_field)
        head.addWidget(self.follows, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addWidget(self.panel, 1)

    # -- loading ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask for the hours; what is half-typed stays."""
        self.panel.show_loading()

        def call(ctx: Context) -> Found:
            return Found(clinic.providers(ctx), clinic.chairs(ctx), clinic.working_spans(ctx))

        self.desk.operations.query(
            self,
            call,
            self._show,
            failed=lambda error: self.panel.show_failed(str(error), self.reload),
            key="hours",
        )

    def _show(self, found: Found) -> None:
        self._found = found
        self.whose.set_options(
            [
                (_("The clinic"), None),
                *((row.name, row.id) for row in found.providers),
                *((row.name, row.id) for row in found.chairs),
            ]
        )
        if self.whose.currentIndex() < 0:
            self.whose.setCurrentIndex(0)
        self.panel.show_content(self._page)
        owner, shown = self.owner(), self.form.row
        other = shown is None or shown.id != owner.id
        if other or not self.form.differs(texts_of(shown.spans)):
            self._begin(owner)

    def owner(self) -> Owner:
        """Return whose hours are chosen, with the hours as they are stored."""
        chosen: UUID | None = self.whose.value()
        found = self._found
        is_chair = found is not None and any(row.id == chosen for row in found.chairs)
        provider, chair = (None, chosen) if is_chair else (chosen, None)
        return Owner(
            id=chosen or self.desk.who.clinic_id,
            provider_id=provider,
            spans=_own(found.spans if found is not None else (), provider, chair),
            chair_id=chair,
        )

    @Slot(object)
    def _choose(self, _value: object) -> None:
        if self._found is not None:
            self._begin(self.owner())

    def _begin(self, owner: Owner) -> None:
        kept = self.form.begin(owner, texts_of(owner.spans))
        self.week.draw()
        self.note.setVisible(kept)
        self.note.setText(_("This was half-typed and is not saved yet."))
        self.drop.setVisible(kept)
        self.refusal.hide()
        self.keep.hide()
        kinds = {one.kind for one in owner.spans}
        sentence = ""
        if owner.chair_id is not None and "open" not in kinds:
            sentence = _("No hours of its own: the room is in use all day.")
        elif owner.provider_id is not None and not owner.spans:
            sentence = _("No hours of their own: the clinic's hours and breaks hold.")
        elif owner.provider_id is not None and "break" not in kinds:
            sentence = _("No breaks of their own: the clinic's breaks hold.")
        elif owner.provider_id is not None and "open" not in kinds:
            sentence = _("No hours of their own: the clinic's hours hold.")
        self.follows.setText(sentence)
        self._set_busy(False)

    @Slot()
    def _throw_away(self) -> None:
        typed = self.form.typed()
        self.form.saved()
        self._begin(self.owner())

        def back() -> None:
            self.form.restore(typed)
            self.week.draw()

        self.desk.messages.undoable(_("The draft is thrown away."), back)

    # -- saving -----------------------------------------------------------------------------

    def do_primary(self) -> None:
        """Save the week; bookings that it would leave outside are listed first."""
        self._save(keep_bookings=False)

    @Slot()
    def _save_keeping(self) -> None:
        """Save it although bookings lie outside then: they stay, and somebody is called."""
        self._save(keep_bookings=True)

    def _save(self, *, keep_bookings: bool) -> None:
        owner: Any = self.form.row
        if self._busy or not isinstance(owner, Owner) or not self.form.validate():
            return
        self.refusal.hide()
        self.keep.hide()
        spans = self.week.spans()
        self._set_busy(True)
        self.desk.operations.change(
            self,
            lambda ctx: clinic.set_hours(
                ctx,
                spans,
                provider_id=owner.provider_id,
                chair_id=owner.chair_id,
                before=owner.spans,
                keep_bookings=keep_bookings,
            ),
            lambda _none: self._saved(owner),
            failed=self._refused,
        )

    def save_now(self) -> None:
        """Save the week (Ctrl+S)."""
        self.do_primary()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.save_button.setEnabled(not busy)

    def _saved(self, before: Owner) -> None:
        self._set_busy(False)
        if self.form.row is before:
            self.form.saved()
            self.form.drop()

        def undo() -> None:
            self.desk.operations.change(
                self,
                lambda ctx: clinic.set_hours(
                    ctx,
                    before.spans,
                    provider_id=before.provider_id,
                    chair_id=before.chair_id,
                    keep_bookings=True,
                ),
                lambda _none: self.refresh(),
            )

        self.desk.messages.undoable(_("The hours are saved."), undo)
        self.refresh()

    def _refused(self, error: Exception) -> None:
        self._set_busy(False)
        if isinstance(error, StaleError):
            self._compare()
            return
        self.refusal.setText(str(error))
        self.refusal.show()
        may_keep = isinstance(error, BookingsAheadError) and error.may_keep
        self.keep.setVisible(may_keep)
        if may_keep:
            self.keep.setFocus()

    def _compare(self) -> None:
        before: Any = self.form.row

        def show(spans: tuple[WorkingSpan, ...]) -> None:
            if self.form.row is not before or not isinstance(before, Owner):
                return
            newer = replace(before, spans=_own(spans, before.provider_id, before.chair_id))
            self.form.compare(
                record=_("Hours of {name}").format(name=self.whose.currentText()),
                before=texts_of(before.spans),
                theirs=texts_of(newer.spans),
                newer=newer,
                saved=None,
                again=self.do_primary,
            )

        self.desk.operations.query(
            self, clinic.working_spans, show, failed=self._refused, key="newer"
        )

    # -- what the window asks ---------------------------------------------------------------

    def open_at(self, *, provider_id: UUID | None = None, **_where: Any) -> None:
        """Show the hours of a provider."""
        if provider_id is not None:
            self.whose.set_value(provider_id)
        self.refresh()

    def start_focus(self) -> None:
        """Begin with whose hours they are."""
        self.whose.setFocus()

    def panes(self) -> list[QWidget]:
        """Return whose, and the week."""
        return [self.whose, self.week.line("open0")]

    def leaving(self) -> None:
        """Keep what is half-typed."""
        self.form.keep()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the section."""
        return [KeyHelp("Ctrl+Enter", _("save"))]


def _own(
    spans: tuple[WorkingSpan, ...], provider: UUID | None, chair: UUID | None
) -> tuple[WorkingSpan, ...]:
    return tuple(one for one in spans if (one.provider_id, one.chair_id) == (provider, chair))
