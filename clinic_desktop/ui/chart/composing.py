"""Between the entry line and the chart: clicks become text, a finished line becomes entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from clinic_desktop.domain.chart_details import detail_words
from clinic_desktop.domain.chart_line import Parsed, format_line
from clinic_desktop.domain.chart_words import OWN_WORK, PER_TOOTH, Entry, Lexicon, priced
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.teeth.chart import ChartMark, MarkStatus
from clinic_desktop.domain.teeth.dentition import in_arch_order
from clinic_desktop.domain.teeth.numbering import Notation, tooth, written
from clinic_desktop.domain.teeth.surfaces import letters, tidy, valid_codes
from clinic_desktop.domain.vocabulary import terms

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.chart.schemas import NewChartItem
    from clinic_desktop.services.treatments.schemas import TreatmentRow

# How a term of the vocabulary is stored; work found in the mouth is a procedure without a price.
Kind = Literal["condition", "state", "procedure"]
_KINDS: Final[dict[str, Kind]] = {"state": "state", "restoration": "procedure"}


@dataclass(frozen=True, slots=True)
class Writing:
    """How this clinic writes teeth and surfaces."""

    notation: str
    locale: str

    def teeth(self, fdis: Sequence[int]) -> str:
        """Return teeth as they are typed: 14+26."""
        return "+".join(self._tooth(fdi) for fdi in fdis)

    def _tooth(self, fdi: int) -> str:
        text = written(fdi, self.notation)
        # Universal milk teeth are letters, which are also those of a status.
        lone = self.notation == Notation.UNIVERSAL and text[0].isalpha()
        return f"#{text}" if lone else text.lower()

    def surfaces(self, codes: str, fdis: Sequence[int]) -> str:
        """Return surfaces as they are typed for these teeth: mod."""
        if not codes:
            return ""
        # P says palatal, which a lower tooth of the same line would refuse; L is right for both.
        lower = [fdi for fdi in fdis if not tooth(fdi).upper]
        return letters(codes, (*lower, *fdis, 16)[0], self.locale).lower()

    def where(self, fdi: int | None, codes: str) -> str:
        """Return a tooth and its surfaces as they are read: 36 MOD; nothing for the mouth."""
        fdis = [fdi] if fdi is not None else []
        return f"{self.teeth(fdis)} {self.surfaces(codes, fdis)}".upper().strip()


def lexicon_of(treatments: "Sequence[TreatmentRow]") -> Lexicon:
    """Return the words the line knows: the vocabulary and the clinic's price list."""
    return Lexicon(
        priced(
            code=one.code,
            name=one.name,
            area=one.area,
            paint=one.paint,
            fees=(one.price,),
            treatment_id=one.id,
        )
        for one in treatments
    )


def span_of(parsed: Parsed, kind: str) -> str:
    """Return the words of the line that were read as this kind of tag, or an empty text."""
    own = [tag for tag in parsed.tags if tag.start >= len(parsed.prefix.rstrip())]
    found = next((tag for tag in own if tag.kind == kind), None)
    return parsed.text[found.start : found.end] if found else ""


def rewritten(
    parsed: Parsed,
    writing: Writing,
    *,
    teeth: tuple[int, ...] | None = None,
    surfaces: str | None = None,
    what: str | None = None,
) -> str:
    """Return the line with its teeth, surfaces or treatment replaced by what was clicked."""
    named = in_arch_order(teeth) if teeth is not None else None
    parts = [
        span_of(parsed, "status"),
        writing.teeth(named) if named is not None else span_of(parsed, "teeth"),
        span_of(parsed, "surfaces")
        if surfaces is None
        else writing.surfaces(surfaces, named or parsed.teeth),
        span_of(parsed, "what") if what is None else what,
    ]
    rest = [span_of(parsed, kind) for kind in ("detail", "since")] if what is None else []
    return parsed.prefix + " ".join(part for part in (*parts, *rest) if part)


def toggled(codes: str, code: str) -> str:
    """Return the surfaces with one more, or one less."""
    return tidy("".join(set(codes) ^ {code}) if code in codes else codes + code)


def common_surfaces(codes: str, fdis: Sequence[int]) -> str:
    """Return those of the surfaces that all these teeth have."""
    return "".join(code for code in codes if all(code in valid_codes(fdi) for fdi in fdis))


def picked_marks(fdis: Sequence[int], codes: str, status: MarkStatus) -> tuple[ChartMark, ...]:
    """Return the preview of surfaces for which nothing is chosen yet."""
    return tuple(ChartMark(fdi, codes, "", status, "", "") for fdi in fdis) if codes else ()


def words_of(entry: Entry) -> str:
    """Return what is typed for an entry."""
    return entry.word if not entry.priced else entry.name


def new_items(
    parsed: Parsed, *, provider_id: UUID | None, visit_id: UUID | None
) -> "tuple[NewChartItem, ...]":
    """Return the entries that a finished line adds: one for each tooth, or one for the mouth.

    What was done belongs to today's appointment; what is planned does not.
    """
    from clinic_desktop.services.chart.schemas import NewChartItem

    line, entry = parsed.line, parsed.entry
    if line is None or entry is None:
        return ()
    own = line.status in OWN_WORK
    earlier = tuple(
        item
        for one in parsed.before
        for item in new_items(one, provider_id=provider_id, visit_id=visit_id)
    )
    return earlier + tuple(
        NewChartItem(
            id=new_id(),
            kind=kind_of(entry),
            code=entry.code,
            tooth=fdi,
            surfaces=line.surfaces,
            paint=entry.paint,
            detail=line.detail or entry.detail,
            status=line.status.value,
            treatment_id=entry.treatment_id,
            provider_id=provider_id if own else None,
            appointment_id=visit_id if line.status is MarkStatus.DONE else None,
            since=line.since,
            # A denture on many teeth costs once: its fee stands with the first of them.
            fee=_fee(entry, line.surfaces, first=place == 0) if own else None,
        )
        for place, fdi in enumerate(line.teeth or (None,))
    )


def _fee(entry: Entry, surfaces: str, *, first: bool) -> int | None:
    if first or entry.area in PER_TOOTH:
        return entry.fee_for(surfaces)
    return 0


def kind_of(entry: Entry) -> Kind:
    """Return how an entry is stored: condition, state or procedure."""
    if entry.priced:
        return "procedure"
    return _KINDS.get(terms()[entry.code].kind, "condition")


def said(parsed: Parsed, writing: Writing) -> str:
    """Return what a finished line says, for the undo bar: 36 MOD Composite filling."""
    return ", ".join(_said_one(one, writing) for one in parsed.each())


def _said_one(parsed: Parsed, writing: Writing) -> str:
    if parsed.entry is None:
        return parsed.text
    surfaces = writing.surfaces(parsed.surfaces, parsed.teeth).upper()
    teeth = writing.teeth(parsed.teeth).upper()
    name = parsed.entry.name[:1].upper() + parsed.entry.name[1:]
    detail = detail_words(parsed.entry.paint, parsed.detail)
    return " ".join(part for part in (teeth, surfaces, name, detail) if part)


def line_again(parsed: Parsed, writing: Writing) -> str:
    """Return a line that reads as the same wherever the switch stands, to give it back."""
    if parsed.line is None:
        return parsed.text
    lines = [one.line for one in parsed.each() if one.line is not None]
    return "; ".join(
        format_line(line, notation=writing.notation, locale=writing.locale) for line in lines
    )


def words_again(parsed: Parsed, writing: Writing) -> str:
    """Return the last entry of a line without its teeth and status, to be put on other teeth."""
    if parsed.entry is None:
        return ""
    words = [
        writing.surfaces(parsed.surfaces, parsed.teeth),
        parsed.entry.code.lower() if parsed.entry.priced else parsed.entry.word,
        parsed.detail,
    ]
    return " ".join(word for word in words if word)
