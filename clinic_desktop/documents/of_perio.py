"""A periodontal exam as paper: read through services, drawn each time it is asked for.

A signed exam never changes, so that every print of it says the same.
"""

from uuid import UUID

from clinic_desktop.documents.of_clinic import head_of, language_of
from clinic_desktop.documents.perio import Beside, PerioPaper, render_perio
from clinic_desktop.errors import NotFoundError
from clinic_desktop.i18n import _, in_language
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients import open_patient
from clinic_desktop.services.perio.reading import exams_of, proposal_of


def perio_paper(ctx: Context, patient_id: UUID, exam_id: UUID) -> bytes:
    """Return the PDF of an exam, in the patient's language. Raises NotFoundError."""
    every = exams_of(ctx, patient_id)
    data = next((one for one in every.exams if one.head.id == exam_id), None)
    if data is None:
        raise NotFoundError(_("This exam is not there."))
    card = clinic.clinic_card(ctx)
    patient = open_patient(ctx, patient_id, access="refresh")
    head = data.head
    earlier = [
        one for one in every.signed if one.head.id != exam_id and one.head.on_day <= head.on_day
    ]
    before = Beside(on=earlier[0].head.on_day, exam=earlier[0].exam) if earlier else None
    with in_language(language_of(patient.language, card)):
        return render_perio(
            PerioPaper(
                head=head_of(card),
                patient_name=patient.name,
                patient_number=patient.number,
                patient_born=None if patient.born_estimated else patient.born,
                on=head.on_day,
                person=head.person,
                exam=data.exam,
                proposal=proposal_of(data, every.exams, every.born),
                decided=(head.stage, head.grade, head.extent),
                reason=head.reason,
                remark=head.remark,
                signer=head.signer or "",
                signed_at=head.signed_at,
                made_at=head.signed_at or ctx.now,
                before=before,
                notation=ctx.who.notation,
                margin_sign=every.margin_sign,
                brought_from=head.brought_from,
            )
        )
