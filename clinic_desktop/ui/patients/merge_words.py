"""What merging two records says: the fields side by side, and what moves."""

from dataclasses import dataclass
from typing import Final

from clinic_desktop.domain.phones import show_phone
from clinic_desktop.i18n import LANGUAGES, N_, _, ngettext
from clinic_desktop.services.patients.merge_schemas import MergePreview, MergeSide
from clinic_desktop.ui.patients.words import CHANNELS, SEXES, STATUSES, Looks

LABELS: Final = {
    "name": N_("Name"),
    "other_name": N_("Other name"),
    "sex": N_("Sex"),
    "born": N_("Birth date"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "address": N_("Address"),
    "language": N_("Language"),
    "prefers": N_("Prefers"),
    "status": N_("Status"),
    "household": N_("Family"),
    "guardian": N_("Guardian"),
    "sticky_note": N_("Sticky note"),
}


@dataclass(frozen=True)
class FieldPair:
    """One field of both records, as it is shown; ``take`` when the merged one's is proposed."""

    name: str
    label: str
    kept: str
    other: str

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        return self.kept != self.other

    @property
    def take(self) -> bool:
        """Whether only the merged record knows it."""
        return not self.kept and bool(self.other)


def pairs_of(preview: MergePreview, looks: Looks) -> tuple[FieldPair, ...]:
    """Return the fields side by side, those that differ first."""
    kept, other = _values(preview.survivor, looks), _values(preview.merged, looks)
    pairs = [FieldPair(name, _(LABELS[name]), kept[name], other[name]) for name in LABELS]
    return tuple(sorted(pairs, key=lambda pair: not pair.differs))


def _values(side: MergeSide, looks: Looks) -> dict[str, str]:
    born = ""
    if side.born is not None:
        born = looks.day(side.born)
        if side.born_estimated:
            born = _("about {year}").format(year=side.born.year)
    address = ", ".join(
        part.replace("\n", ", ") for part in (side.address, side.postcode, side.city) if part
    )
    return {
        "name": side.name,
        "other_name": side.other_name,
        "sex": "" if side.sex == "unknown" else _(SEXES[side.sex]),
        "born": born,
        "phone": show_phone(side.phone) or side.no_phone_reason,
        "email": side.email,
        "address": address,
        "language": LANGUAGES.get(side.language, side.language),
        "prefers": _(CHANNELS[side.prefers]),
        "status": _(STATUSES[side.status]),
        "household": side.household or "",
        "guardian": side.guardian or "",
        "sticky_note": side.sticky_note,
    }


def moving_words(side: MergeSide, looks: Looks) -> tuple[str, ...]:
    """Return what of a record moves, each with its count; what may not be seen is named so."""
    counted = (
        (side.visits, ngettext("{n} visit", "{n} visits", side.visits)),
        (side.alerts, ngettext("{n} alert", "{n} alerts", side.alerts)),
        (
            side.chart_items,
            ngettext("{n} chart entry", "{n} chart entries", side.chart_items or 0),
        ),
        (side.notes, ngettext("{n} note", "{n} notes", side.notes or 0)),
        (
            side.prescriptions,
            ngettext("{n} prescription", "{n} prescriptions", side.prescriptions or 0),
        ),
        (side.documents, ngettext("{n} document", "{n} documents", side.documents or 0)),
        (side.invoices, ngettext("{n} invoice", "{n} invoices", side.invoices or 0)),
    )
    words = [form.format(n=count) for count, form in counted if count]
    if side.balance:
        words.append(_("a balance of {amount}").format(amount=looks.money(side.balance)))
    if any(count is None for count, _form in counted):
        words.append(_("and what your roles do not show"))
    return tuple(words)
