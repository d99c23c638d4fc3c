"""The teeth at a glance: the chart in small, and what on it waits, open or is not known."""

from collections import Counter
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.domain.teeth.chart import MarkStatus, ToothChart, ToothState
from clinic_desktop.domain.teeth.describe import count_words
from clinic_desktop.domain.teeth.numbering import written
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.chart.odontogram import Odontogram
from clinic_desktop.ui.chart.shown import Shown
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.glance import GlanceCard
from clinic_desktop.ui.patients.parts import TagFlow
from clinic_desktop.ui.widgets.painting import TagSpec

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.chart.schemas import ChartHistory
    from clinic_desktop.services.context import Context

_MOST_TAGS: Final = 6
_LETTERS: Final = {MarkStatus.PLANNED: "P", MarkStatus.IN_PROGRESS: "I", MarkStatus.REFERRED: "R"}


class TeethCard(GlanceCard):
    """Read only; a click asks for the chart."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Teeth"), theme=desk.theme)
        self.desk = desk
        self._patient: UUID | None = None
        self.picture = Odontogram(desk.theme, mini=True)
        self.picture.set_notation(desk.who.notation)
        self.picture.tooth_clicked.connect(lambda _tooth, _face: self.wanted.emit())
        self.tags = TagFlow(desk.theme)
        self._whole = QWidget()
        column = QVBoxLayout(self._whole)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.picture, 1)
        column.addWidget(self.tags)

    def show_patient(self, patient_id: UUID) -> None:
        """Ask for the teeth of a patient."""
        if patient_id != self._patient:
            self._patient = patient_id
            self.set_note("")
        self.show_loading(_("Asking for the chart…"))

        def call(ctx: "Context") -> "ChartHistory":
            from clinic_desktop.services.chart.service import history_of

            return history_of(ctx, patient_id)

        self.desk.operations.query(
            self,
            call,
            self._show,
            failed=lambda error: self.show_failed(
                str(error), lambda: self.show_patient(patient_id)
            ),
            key="teeth",
        )

    def _show(self, history: "ChartHistory") -> None:
        if history.patient_id != self._patient:
            return
        chart = Shown(history).chart
        if chart.count(ToothState.NOT_EXAMINED) == len(chart.teeth):
            # Drawn in small they would look sound.
            self.set_note("")
            self.show_unknown(_("Nobody has charted these teeth yet."), title=_("Not examined"))
            return
        self.picture.set_chart(chart)
        self.set_note(count_words(chart))
        self.tags.set_tags(tags_of(chart, self.desk.who.notation))
        self.show_content(self._whole)


def tags_of(chart: ToothChart, notation: str) -> tuple[TagSpec, ...]:
    """Return what waits on the chart, the findings, and how much of it nobody has looked at."""
    planned: list[TagSpec] = []
    found: Counter[str] = Counter()
    for view in chart.teeth:
        number = written(view.tooth, notation)
        for mark in view.marks:
            letter = _LETTERS.get(mark.status)
            if letter is not None:
                planned.append(TagSpec("dashed", f"{letter} {number} {mark.label}"))
            elif mark.status is MarkStatus.CONDITION:
                found[f"{number} {mark.label}"] += 1
    tags = [*planned, *(TagSpec("plain", words) for words in found)]
    shown = tags[:_MOST_TAGS]
    if len(tags) > _MOST_TAGS:
        rest = len(tags) - _MOST_TAGS
        words = ngettext("{count} more", "{count} more", rest).format(count=rest)
        shown.append(TagSpec("soft", words))
    unknown = chart.count(ToothState.NOT_EXAMINED)
    if unknown:
        words = ngettext(
            "{count} tooth not examined", "{count} teeth not examined", unknown
        ).format(count=unknown)
        shown.append(TagSpec("unknown", words, "circle-help"))
    return tuple(shown)
