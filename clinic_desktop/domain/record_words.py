"""What tables and fields are called where people read them: history, audit, timeline."""

from typing import Final

from clinic_desktop.i18n import N_, _, ngettext

TABLES: Final = {
    "appointment": N_("Visit"),
    "appointment_treatment": N_("Treatment of a visit"),
    "chair": N_("Chair"),
    "chart_item": N_("Chart entry"),
    "change_value": N_("What the log kept of a person"),
    "clinic": N_("Clinic"),
    "document": N_("Document"),
    "emergency_access": N_("Emergency access"),
    "erasure": N_("Erasure of a person"),
    "household": N_("Family"),
    "invoice": N_("Invoice"),
    "invoice_line": N_("Line of an invoice"),
    "journal_entry": N_("Entry of the ledger"),
    "note": N_("Note"),
    "note_version": N_("Text of a note"),
    "patient": N_("Patient"),
    "patient_alert": N_("Alert"),
    "patient_consent": N_("Consent to contact"),
    "patient_distinct": N_("Two people, not one"),
    "patient_filter": N_("Saved filter"),
    "patient_merge": N_("Merge of records"),
    "patient_photo": N_("Photo"),
    "patient_star": N_("Star"),
    "patient_tag": N_("Tag"),
    "perio_exam": N_("Periodontal exam"),
    "perio_tooth": N_("Tooth of a periodontal exam"),
    "person": N_("Person of the staff"),
    "person_role": N_("Role of a person"),
    "posting": N_("Posting"),
    "prescription": N_("Prescription"),
    "prescription_item": N_("Medicine of a prescription"),
    "product": N_("Product"),
    "provider": N_("Provider"),
    "setting": N_("Setting"),
    "staff_role": N_("Role"),
    "stock_movement": N_("Movement of stock"),
    "treatment": N_("Service"),
    "treatment_material": N_("Material of a service"),
    "working_time": N_("Working hours"),
    "special_time": N_("Special hours"),
}
FIELDS: Final = {
    "account": N_("Account"),
    "active": N_("In use"),
    "address": N_("Address"),
    "alerts_reviewed_at": N_("Alerts reviewed"),
    "alerts_reviewed_by": N_("Alerts reviewed by"),
    "allergies": N_("Allergies known then"),
    "amends_id": N_("Amends"),
    "amount": N_("Amount"),
    "answer": N_("Answer"),
    "appointment_id": N_("Visit"),
    "area": N_("Area"),
    "arithmetic": N_("Arithmetic"),
    "arrived_at": N_("Arrived"),
    "assist": N_("Assistant alone"),
    "author": N_("Made elsewhere by"),
    "author_id": N_("Author"),
    "barcode": N_("Barcode"),
    "bill_to": N_("Bill to"),
    "bleeding": N_("Bleeding"),
    "body": N_("Text"),
    "bone_loss": N_("Bone loss, %"),
    "born": N_("Birth date"),
    "born_estimated": N_("Birth date estimated"),
    "brought_from": N_("Brought from"),
    "calculus": N_("Calculus"),
    "calculus_looked": N_("Calculus looked for"),
    "care_until": N_("To be kept until"),
    "category": N_("Category"),
    "chair_id": N_("Chair"),
    "channel": N_("Way of contact"),
    "chart_item_id": N_("Chart entry"),
    "choices": N_("Filter"),
    "city": N_("City"),
    "code": N_("Code"),
    "colour": N_("Colour"),
    "complexity": N_("Complexity"),
    "cost": N_("Cost"),
    "country": N_("Country"),
    "currency": N_("Currency"),
    "day": N_("Day"),
    "depth": N_("Probing depths"),
    "deceased_on": N_("Day of death"),
    "days": N_("Days"),
    "detail": N_("Detail"),
    "diabetes": N_("Diabetes"),
    "document_id": N_("Paper"),
    "done_at": N_("Done"),
    "dose": N_("Dose"),
    "drug": N_("Medicine"),
    "due_on": N_("Due"),
    "early_reason": N_("Why before its time"),
    "email": N_("E-mail"),
    "ends_at": N_("Ends"),
    "equipment": N_("Equipment"),
    "exam_id": N_("Periodontal exam"),
    "extent": N_("Extent"),
    "family": N_("Family name"),
    "fee": N_("Fee"),
    "first_id": N_("One record"),
    "form": N_("Form"),
    "fulfils_id": N_("Completes"),
    "furcation": N_("Furcations"),
    "given": N_("First name"),
    "grade": N_("Grade"),
    "guardian_id": N_("Guardian"),
    "household_id": N_("Family"),
    "how": N_("How"),
    "initials": N_("Initials"),
    "instructions": N_("Instructions"),
    "invoices_kept": N_("Invoices kept"),
    "issued_at": N_("Issued"),
    "issued_on": N_("Issued on"),
    "job": N_("Job"),
    "journal_entry_id": N_("Entry of the ledger"),
    "kept_until": N_("Papers kept until"),
    "key": N_("Setting"),
    "kind": N_("Kind"),
    "language": N_("Language"),
    "letter": N_("Letter"),
    "locale": N_("Formats"),
    "login": N_("User name"),
    "lost_teeth": N_("Teeth lost to periodontitis"),
    "margin": N_("Gingival margins"),
    "margin_sign": N_("Sign of margins"),
    "media_type": N_("Type of file"),
    "memo": N_("Remark"),
    "merged_id": N_("Merged record"),
    "mgj": N_("Mucogingival junction"),
    "minutes": N_("Minutes"),
    "mobility": N_("Mobility"),
    "name": N_("Name"),
    "no_phone_reason": N_("Why no phone"),
    "noted_on": N_("Noted on"),
    "number": N_("Number"),
    "on_day": N_("Day"),
    "other_name": N_("Other name"),
    "outside_reason": N_("Outside working time because"),
    "path": N_("Path of the probe"),
    "patient_id": N_("Patient"),
    "payer_id": N_("Payer"),
    "permissions": N_("Permissions"),
    "person_id": N_("Person"),
    "phone": N_("Phone"),
    "photo_id": N_("Photo"),
    "plaque": N_("Plaque"),
    "plaque_looked": N_("Plaque looked for"),
    "position": N_("Position"),
    "postcode": N_("Postcode"),
    "prefers": N_("Prefers"),
    "price": N_("Price"),
    "product_id": N_("Product"),
    "proposed": N_("Proposed"),
    "provider_id": N_("Provider"),
    "purpose": N_("Purpose"),
    "quantity": N_("Quantity"),
    "reason": N_("Reason"),
    "registration": N_("Registration"),
    "recorded_by": N_("Recorded by"),
    "remark": N_("Remark"),
    "reorder_level": N_("Reorder level"),
    "rescheduled_from_id": N_("Moved from"),
    "reverses_id": N_("Reverses"),
    "said_on": N_("Said on"),
    "seated_at": N_("Seated"),
    "second_id": N_("The other record"),
    "severity": N_("Severity"),
    "sex": N_("Sex"),
    "short_name": N_("Short name"),
    "signed_at": N_("Signed"),
    "signer": N_("Signed elsewhere by"),
    "signed_by": N_("Signed by"),
    "since": N_("Since"),
    "site": N_("Site"),
    "size": N_("Size"),
    "skills": N_("Skills"),
    "sku": N_("SKU"),
    "species": N_("Species"),
    "smoking": N_("Smoking"),
    "source": N_("Source"),
    "squeeze_reason": N_("Squeezed in because"),
    "staff_role_id": N_("Role"),
    "stage": N_("Stage"),
    "standing": N_("Tooth or implant"),
    "starts_at": N_("Starts"),
    "status": N_("Status"),
    "status_at": N_("Status since"),
    "sticky_note": N_("Sticky note"),
    "substance": N_("Substance"),
    "suppuration": N_("Suppuration"),
    "surfaces": N_("Surfaces"),
    "tags": N_("Tags"),
    "survivor_id": N_("Record kept"),
    "text": N_("Text"),
    "title": N_("Title"),
    "tooth": N_("Tooth"),
    "total": N_("Total"),
    "treatment_id": N_("Treatment"),
    "undone_at": N_("Taken apart"),
    "unit": N_("Unit"),
    "until": N_("Until"),
    "value": N_("Value"),
    "weight_grams": N_("Weight in grams"),
    "year": N_("Year"),
}


def table_label(table: str) -> str:
    """Return what a table keeps, in words; a table without words says its name readably."""
    return _(TABLES[table]) if table in TABLES else _readable(table)


def opened_label(category: str) -> str:
    """Return what was read, in words; of a calendar that left the clinic whose and how many."""
    kind, _space, rest = category.partition(" ")
    count, _space, whose = rest.partition(" ")
    if kind == "calendar" and count.isdecimal():
        words = ngettext(
            "Calendar of {name}: {count} name", "Calendar of {name}: {count} names", int(count)
        )
        return words.format(name=whose, count=count)
    return table_label(category)


def field_label(field: str) -> str:
    """Return a field's name as it stands on forms."""
    return _(FIELDS[field]) if field in FIELDS else _readable(field)


def _readable(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ").capitalize()


# What was done with a record that was read.
ACCESSES: Final = {
    "open": N_("Opened"),
    "peek": N_("Seen beside the list"),
    "refresh": N_("Read again after a change"),
    "read": N_("Read"),
    "history": N_("History read"),
    "export": N_("Exported"),
    "chart": N_("Chart opened"),
    "erase": N_("Looked at before erasing"),
}
CHANGES: Final = {"I": N_("Added"), "U": N_("Changed"), "D": N_("Removed"), "E": N_("Erased")}


def access_label(action: str) -> str:
    """Return what reading a record was, in words."""
    return _(ACCESSES[action]) if action in ACCESSES else _readable(action)


def change_label(op: str) -> str:
    """Return what was done with a row, in words."""
    return _(CHANGES.get(op, op))
