"""A patient's tooth chart as paper: the pictures come drawn, names and head from the services."""

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.documents.chart import ChartPaper, ChartPicture, ChartSection, render_chart
from clinic_desktop.documents.of_clinic import head_of
from clinic_desktop.domain.births import age_text
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.i18n import _
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients import open_patient


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnChart:
    """What the screen shows, drawn for paper."""

    title: str
    note: str
    pictures: tuple[ChartPicture, ...]
    legend: bytes
    sections: tuple[ChartSection, ...]


def chart_paper(ctx: Context, patient_id: UUID, drawn: DrawnChart) -> bytes:
    """Return the PDF of a chart in the language of the screen it was drawn from.

    Raises NotAllowedError without the right to read charts, NotFoundError.
    """
    ctx.need(Permission.CLINICAL_READ)
    card = clinic.clinic_card(ctx)
    patient = open_patient(ctx, patient_id, access="refresh")
    facts = ""
    if patient.born is not None:
        facts = _("born {date}, {age}").format(
            date=format_date(patient.born, ctx.who.locale),
            age=age_text(patient.born, ctx.now.date(), estimated=patient.born_estimated),
        )
    return render_chart(
        ChartPaper(
            head=head_of(card),
            title=drawn.title,
            patient=patient.name,
            number=patient.number,
            facts=facts,
            note=drawn.note,
            pictures=drawn.pictures,
            legend=drawn.legend,
            sections=drawn.sections,
            made_at=ctx.now,
        )
    )
