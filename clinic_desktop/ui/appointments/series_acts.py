"""Acts on a series from a screen: sent as one, said in the undo bar, taken back as one."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.folding import isolate
from clinic_desktop.i18n import ngettext
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.series import service as series
from clinic_desktop.services.series.schemas import (
    Restore,
    Scope,
    SeriesCancel,
    SeriesChange,
    SeriesDone,
    SeriesRow,
)
from clinic_desktop.ui.desk import Desk

Told = Callable[[AppointmentRow], None]


class SeriesActs:
    """``changed`` is told of the appointment to be shown after an act."""

    def __init__(self, desk: Desk, screen: QWidget, changed: Told) -> None:
        self._desk, self._screen, self._changed = desk, screen, changed

    def read(self, series_id: UUID, then: Callable[[SeriesRow], None]) -> None:
        """Read a series for a question about it."""
        self._desk.operations.query(
            self._screen, lambda ctx: series.series(ctx, series_id), then, key="series"
        )

    def change(
        self,
        visit: AppointmentRow,
        change: SeriesChange,
        *,
        failed: Callable[[Exception], None],
        then: Callable[[], None] = lambda: None,
        returned: Callable[[], None] = lambda: None,
    ) -> None:
        """Change a part of a series; ``then`` is told once it is done, ``returned`` once undone."""

        def done(found: SeriesDone) -> None:
            then()
            self.moved(visit, found, landed=then, returned=returned)

        self._desk.operations.change(
            self._screen, lambda ctx: series.change(ctx, change), done, failed=failed
        )

    def cancel(
        self,
        row: SeriesRow,
        visit: AppointmentRow,
        scope: Scope,
        reason: str,
        *,
        with_apart: bool,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """Cancel a part of a series as it was read."""
        wanted = SeriesCancel(
            series_id=row.id,
            version=row.version,
            visit_id=visit.id,
            scope=scope,
            reason=reason,
            with_apart=with_apart,
        )

        def done(found: SeriesDone) -> None:
            then()
            count = len(found.visits)
            words = ngettext(
                "{name}: {count} appointment of the series is cancelled.",
                "{name}: {count} appointments of the series are cancelled.",
                count,
            )
            self._tell(words.format(name=isolate(visit.patient), count=count), found, visit)

        self._desk.operations.change(self._screen, lambda ctx: series.cancel(ctx, wanted), done)

    # -- telling ------------------------------------------------------------------------------

    def booked(self, done: SeriesDone) -> None:
        """Say that a series was booked."""
        first, count = done.visits[0], len(done.visits)
        words = ngettext(
            "{name} has a series of {count} appointment.",
            "{name} has a series of {count} appointments.",
            count,
        )
        self._tell(words.format(name=isolate(first.patient), count=count), done, first)

    def moved(
        self,
        visit: AppointmentRow,
        done: SeriesDone,
        *,
        landed: Callable[[], None] = lambda: None,
        returned: Callable[[], None] = lambda: None,
    ) -> None:
        """Say that appointments of a series stand elsewhere."""
        count = len(done.visits)
        words = ngettext(
            "{name}: {count} appointment of the series is changed.",
            "{name}: {count} appointments of the series are changed.",
            count,
        ).format(name=isolate(visit.patient), count=count)
        if done.left:
            words += " " + ngettext(
                "{count} stays where it was.", "{count} stay where they were.", done.left
            ).format(count=done.left)
        shown = next((one for one in done.visits if one.id == visit.id), visit)
        self._tell(words, done, shown, landed=landed, returned=returned)

    def _tell(
        self,
        words: str,
        done: SeriesDone,
        shown: AppointmentRow,
        *,
        landed: Callable[[], None] = lambda: None,
        returned: Callable[[], None] = lambda: None,
    ) -> None:
        latest: list[Restore] = [done.undo]

        def swap(told: Callable[[], None]) -> None:
            """Put everything back; the answer puts it forth again."""

            def came(now: SeriesDone) -> None:
                latest[0] = now.undo
                told()
                one = next((one for one in now.visits if one.id == shown.id), None)
                self._changed(one or shown)

            self._desk.operations.change(
                self._screen, lambda ctx: series.take_back(ctx, latest[0]), came
            )

        self._desk.messages.undoable(words, lambda: swap(returned), lambda: swap(landed))
        self._changed(shown)
