"""What tables and fields are called where people read them: history, audit, timeline."""

from typing import Final

from clinic_desktop.i18n import N_, _

TABLES: Final = {
    "appointment": N_("Visit"),
    "appointment_treatment": N_("Treatment of a visit"),
    "chair": N_("Chair"),
    "chart_item": N_("Chart entry"),
    "clinic": N_("Clinic"),
    "document": N_("Document"),
    "emergency_access": N_("Emergency access"),
    "household": N_("Family"),
    "invoice": N_("Invoice"),
    "invoice_line": N_("Line of an invoice"),
    "journal_entry": N_("Entry of the ledger"),
    "note": N_("Note"),
    "note_version": N_("Text of a note"),
    "patient": N_("Patient"),
    "patient_alert": N_("Alert"),
    "patient_distinct": N_("Two people, not one"),
    "patient_merge": N_("Merge of records"),
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
    "appointment_id": N_("Visit"),
    "area": N_("Area"),
    "arithmetic": N_("Arithmetic"),
    "arrived_at": N_("Arrived"),
    "assist": N_("Assistant alone"),
    "author_id": N_("Author"),
    "barcode": N_("Barcode"),
    "bill_to": N_("Bill to"),
    "body": N_("Text"),
    "born": N_("Birth date"),
    "born_estimated": N_("Birth date estimated"),
    "category": N_("Category"),
    "chair_id": N_("Chair"),
    "chart_item_id": N_("Chart entry"),
    "city": N_("City"),
    "code": N_("Code"),
    "colour": N_("Colour"),
    "cost": N_("Cost"),
    "country": N_("Country"),
    "currency": N_("Currency"),
    "day": N_("Day"),
    "days": N_("Days"),
    "document_id": N_("Paper"),
    "done_at": N_("Done"),
    "dose": N_("Dose"),
    "drug": N_("Medicine"),
    "due_on": N_("Due"),
    "email": N_("E-mail"),
    "ends_at": N_("Ends"),
    "equipment": N_("Equipment"),
    "family": N_("Family name"),
    "fee": N_("Fee"),
    "first_id": N_("One record"),
    "form": N_("Form"),
    "fulfils_id": N_("Completes"),
    "given": N_("First name"),
    "guardian_id": N_("Guardian"),
    "household_id": N_("Family"),
    "initials": N_("Initials"),
    "instructions": N_("Instructions"),
    "issued_at": N_("Issued"),
    "issued_on": N_("Issued on"),
    "job": N_("Job"),
    "journal_entry_id": N_("Entry of the ledger"),
    "key": N_("Setting"),
    "kind": N_("Kind"),
    "language": N_("Language"),
    "locale": N_("Formats"),
    "login": N_("User name"),
    "media_type": N_("Type of file"),
    "memo": N_("Remark"),
    "merged_id": N_("Merged record"),
    "minutes": N_("Minutes"),
    "name": N_("Name"),
    "no_phone_reason": N_("Why no phone"),
    "noted_on": N_("Noted on"),
    "number": N_("Number"),
    "other_name": N_("Other name"),
    "outside_reason": N_("Outside working time because"),
    "patient_id": N_("Patient"),
    "payer_id": N_("Payer"),
    "permissions": N_("Permissions"),
    "person_id": N_("Person"),
    "phone": N_("Phone"),
    "position": N_("Position"),
    "postcode": N_("Postcode"),
    "prefers": N_("Prefers"),
    "price": N_("Price"),
    "product_id": N_("Product"),
    "provider_id": N_("Provider"),
    "quantity": N_("Quantity"),
    "reason": N_("Reason"),
    "registration": N_("Registration"),
    "remark": N_("Remark"),
    "reorder_level": N_("Reorder level"),
    "rescheduled_from_id": N_("Moved from"),
    "reverses_id": N_("Reverses"),
    "seated_at": N_("Seated"),
    "second_id": N_("The other record"),
    "severity": N_("Severity"),
    "sex": N_("Sex"),
    "short_name": N_("Short name"),
    "signed_at": N_("Signed"),
    "signed_by": N_("Signed by"),
    "since": N_("Since"),
    "site": N_("Site"),
    "size": N_("Size"),
    "skills": N_("Skills"),
    "sku": N_("SKU"),
    "source": N_("Source"),
    "squeeze_reason": N_("Squeezed in because"),
    "staff_role_id": N_("Role"),
    "starts_at": N_("Starts"),
    "status": N_("Status"),
    "status_at": N_("Status since"),
    "sticky_note": N_("Sticky note"),
    "substance": N_("Substance"),
    "surfaces": N_("Surfaces"),
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
}
CHANGES: Final = {"I": N_("Added"), "U": N_("Changed"), "D": N_("Removed")}


def access_label(action: str) -> str:
    """Return what reading a record was, in words."""
    return _(ACCESSES[action]) if action in ACCESSES else _readable(action)


def change_label(op: str) -> str:
    """Return what was done with a row, in words."""
    return _(CHANGES.get(op, op))
