"""A clinic whose records have everything: names of any script, alerts, tags, images, a family."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

from clinic_desktop.domain.ids import new_id
from clinic_desktop.models.listing import PatientTag
from clinic_desktop.models.patient import PatientAlert
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents.schemas import About, NewAttachment
from tests import files
from tests.gallery.people import NAMES
from tests.gallery.place import Place

IMAGES: Final = 9
DAY: Final = date(2026, 11, 2)
# What another program exports: names in one column, dates of two kinds, lines that are none.
LIST: Final = """Client;Naissance / DOB;Tel;E-Mail;Titre
"Carvalho, Inês";03/02/1985;086 555 0142;ines@example.org;Mrs
"O'Brien-Featherstonehaugh, Bartholomew Maximilian";1952-02-03;+353 (87) 555-0199;;Mr

"陳, 美玲";31/11/1990;abc;not-an-address;
Total;;;;3
"""


class Records:
    """Fourteen patients; the first one has an alert of each kind, two tags and nine images."""

    def __init__(self, place: Place) -> None:
        tags = place.rows(
            PatientTag,
            [
                {"name": "Very important", "letter": "V", "colour": "accent"},
                {"name": "Speaks Portuguese at home with all", "letter": "P",
                 "colour": "warning"},
            ],
        )  # fmt: skip
        self.patients = [
            place.make.patient(
                given,
                family,
                born=date(1985, 2, 3) - timedelta(days=900 * (number - 5)),
                email=f"{number}@example.org",
                tags=tags if number == 0 else [],
            )
            for number, (given, family) in enumerate(NAMES)
        ]
        self.patient = self.patients[0]
        place.rows(
            PatientAlert,
            [
                {"patient_id": self.patient, "kind": kind, "severity": severity, "text": text,
                 "noted_on": DAY}
                for kind, severity, text in (
                    ("allergy", "stop", "Penicillin: anaphylaxis in 2014, carried by ambulance"),
                    ("anticoagulant", "caution", "Apixaban 5 mg twice a day"),
                    ("condition", "caution", "Diabetes type 2"),
                )
            ],
        )  # fmt: skip
        with place.make.signed_in.writing() as ctx:
            for number in range(IMAGES):
                new = NewAttachment(
                    id=new_id(),
                    patient_id=self.patient,
                    about=About(
                        kind="intraoral", title=f"Bitewing {number + 1}", taken_on=DAY, teeth=(16,)
                    ),
                )
                shade = files.picture(shade=60 + 20 * number)
                attachments.attach_bytes(ctx, new, shade, f"{number}.jpg")
        self.list = Path(place.home) / "list-of-another-program.csv"
        self.list.write_text(LIST, encoding="utf-8")
