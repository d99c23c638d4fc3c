"""The words the chart's entry line knows: the vocabulary and the clinic's own price list."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Final
from uuid import UUID

from jellyfish import damerau_levenshtein_distance

from clinic_desktop.domain.chart_details import implied
from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.domain.teeth.numbering import Tooth, tooth
from clinic_desktop.domain.vocabulary import Term, procedures, terms
from clinic_desktop.i18n import language

# Work that is or will be done here is an item of the price list; work found in the mouth is not.
OWN_WORK: Final = frozenset({MarkStatus.PLANNED, MarkStatus.IN_PROGRESS, MarkStatus.DONE})
TREATMENTS: Final = OWN_WORK | {MarkStatus.REFERRED}
# Areas of which every tooth is charged; of a denture or a splint the whole is.
PER_TOOTH: Final = frozenset({"tooth", "surface", "root"})
# Surfaces that go without saying.
_USUAL_SURFACES: Final = {"SEAL": "O", "VENEER": "B"}
_SHORTEST_SUGGESTION: Final = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be charted.

    ``fees`` are minor units for one, two, three... surfaces, the last for more; empty is unknown.
    ``fits`` names the only teeth it is for. ``priced`` tells the price list from the vocabulary.
    """

    code: str
    name: str
    word: str
    area: str
    paint: str
    keys: tuple[str, ...] = ()
    finding: bool = False
    priced: bool = False
    fits: str = ""
    fees: tuple[int, ...] = ()
    treatment_id: UUID | None = None
    detail: str = ""
    """What its name says of the material, stored with what it makes."""

    @property
    def takes_surfaces(self) -> bool:
        """Whether surfaces may be named: not of what is drawn on the whole tooth."""
        drawn = terms().get(self.paint)
        return self.area == "surface" or drawn is None or drawn.scope.startswith("surface")

    @property
    def needs_surfaces(self) -> bool:
        """Whether it says nothing without surfaces."""
        if self.area != "surface":
            return False
        drawn = terms().get(self.paint)
        return drawn is None or not drawn.is_finding or drawn.hint.startswith("lesion")

    @property
    def needs_tooth(self) -> bool:
        """Whether it is on teeth, not on the mouth."""
        return self.area not in {"none", "mouth"}

    def usual_surfaces(self, fdis: tuple[int, ...]) -> str:
        """Return the surfaces that go without saying on these teeth."""
        usual = _USUAL_SURFACES.get(self.paint, "") if self.takes_surfaces else ""
        return "" if usual == "O" and any(tooth(fdi).anterior for fdi in fdis) else usual

    def fee_for(self, surfaces: str) -> int | None:
        """Return the fee of one tooth in minor units, or None when it is not known."""
        if not self.fees:
            return None
        count = len(surfaces.replace("5", "")) or 1
        return self.fees[min(count, len(self.fees)) - 1]

    def suits(self, fdi: int) -> bool:
        """Return whether it is for this tooth."""
        return not self.fits or self.fits in _kinds(tooth(fdi))


def _kinds(found: Tooth) -> set[str]:
    where = "anterior" if found.anterior else found.tooth_class
    return {found.dentition} if found.primary else {found.dentition, where}


def fold(text: str) -> str:
    """Return the text as it is compared: no accents, no case, words parted by single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", bare))


def priced(
    *,
    code: str,
    name: str,
    area: str,
    paint: str,
    fees: tuple[int, ...] = (),
    treatment_id: UUID | None = None,
) -> Entry:
    """Return the entry of one line of the price list.

    A line that kept its neutral code keeps that code's shortcut and the teeth it is for.
    """
    neutral = procedures().get(code)
    return Entry(
        code=code,
        name=name,
        word=name,
        area=area,
        paint=paint,
        keys=(neutral.key,) if neutral and neutral.key else (),
        priced=True,
        fits=neutral.fits if neutral else "",
        fees=fees,
        treatment_id=treatment_id,
        detail=implied(paint, name),
    )


def neutral_prices() -> tuple[Entry, ...]:
    """Return the shipped treatment codes as entries without fees."""
    return tuple(
        priced(code=one.code, name=one.name, area=one.area, paint=one.paint)
        for one in procedures().values()
    )


def _from_vocabulary(term: Term) -> Entry:
    return Entry(
        code=term.code,
        name=term.name,
        word=term.word,
        area=term.scope,
        paint=term.code,
        keys=tuple(dict.fromkeys((term.key, term.words["en"]))),
        finding=term.is_finding,
    )


class Lexicon:
    """Finds entries by what was typed; made anew when the language or the price list changes."""

    def __init__(self, prices: Iterable[Entry] = ()) -> None:
        vocabulary = [_from_vocabulary(term) for term in terms().values()]
        self.entries: Final = (*vocabulary, *prices)
        self._by_code = {one.code: one for one in reversed(self.entries)}
        self._exact: dict[str, list[Entry]] = {}
        self._phrases: list[tuple[Entry, tuple[tuple[str, ...], ...]]] = []
        self._at: dict[str, list[int]] = {}
        for place, one in enumerate(self.entries):
            said = {fold(text) for text in (one.code, one.name, one.word, *one.keys)} - {""}
            for text in said:
                self._exact.setdefault(text, []).append(one)
            phrases = tuple(tuple(text.split()) for text in sorted(said))
            self._phrases.append((one, phrases))
            for part in sorted({part for phrase in phrases for part in phrase}):
                self._at.setdefault(part, []).append(place)
        self._parts = sorted(self._at)

    def by_code(self, code: str) -> Entry | None:
        """Return the entry of a code."""
        return self._by_code.get(code)

    def exact(self, typed: str) -> tuple[Entry, ...]:
        """Return the entries whose shortcut, code or name is what was typed."""
        return tuple(self._exact.get(fold(typed), ()))

    def starting(self, typed: str) -> tuple[Entry, ...]:
        """Return the entries whose words begin with the words typed, in their order.

        Those whose first word fits come first.
        """
        wanted = fold(typed).split()
        if not wanted:
            return ()
        first, later = [], []
        for place in sorted(set.intersection(*(self._places(word) for word in wanted))):
            one, phrases = self._phrases[place]
            if any(_begins(phrase, wanted) for phrase in phrases):
                first.append(one)
            elif any(_contains(phrase, wanted) for phrase in phrases):
                later.append(one)
        return (*first, *later)

    def _places(self, begun: str) -> set[int]:
        """Return the places of the entries with a word that begins so."""
        found: set[int] = set()
        for part in islice(self._parts, bisect_left(self._parts, begun), None):
            if not part.startswith(begun):
                break
            found.update(self._at[part])
        return found

    def nearest(self, word: str) -> tuple[str, Entry] | None:
        """Return the known word most like an unknown one, with its entry, or None."""
        wanted = fold(word)
        best: tuple[int, str] | None = None
        # In the order of the entries: of words that are equally near the first one is meant.
        for part in self._at:
            if len(part) < _SHORTEST_SUGGESTION or abs(len(part) - len(wanted)) > 2:
                continue
            distance = damerau_levenshtein_distance(wanted, part)
            if distance <= max(1, len(wanted) // 3) and (best is None or distance < best[0]):
                best = (distance, part)
        return (best[1], self.entries[self._at[best[1]][0]]) if best else None

    def settle(
        self,
        found: Sequence[Entry],
        *,
        status: MarkStatus,
        fdis: tuple[int, ...],
        surfaces: str,
        detail: str = "",
    ) -> tuple[Entry, ...]:
        """Return what the entries found mean under this status on these teeth, best first.

        A restoration of the vocabulary that is done or planned becomes the treatments of the price
        list that make it; a treatment found in the mouth becomes what it leaves behind. Those for
        these teeth come first, then those of the kind that the status asks for.
        """
        meant = dict.fromkeys(one for entry in found for one in self._meant(entry, status))
        finding = status is MarkStatus.CONDITION
        return tuple(
            sorted(
                meant,
                key=lambda one: (
                    not all(one.suits(fdi) for fdi in fdis),
                    bool(detail) and bool(one.detail) and one.detail not in detail.split(),
                    bool(detail) and one.priced and not one.detail,
                    one.finding is not finding,
                    bool(surfaces) and not one.takes_surfaces,
                ),
            )
        )

    def _meant(self, entry: Entry, status: MarkStatus) -> tuple[Entry, ...]:
        if entry.finding:
            return (entry,)
        if entry.priced and status in {MarkStatus.EXISTING, MarkStatus.ELSEWHERE}:
            left_behind = self._by_code.get(entry.paint)
            if left_behind is None:
                return (entry,)
            return (replace(left_behind, detail=entry.detail),)
        if not entry.priced and status in TREATMENTS:
            return self._makers(entry) or (entry,)
        return (entry,)

    def _makers(self, entry: Entry) -> tuple[Entry, ...]:
        """Return the treatments that make a restoration, those with its word in the name first."""
        makers = (one for one in self.entries if one.priced and one.paint == entry.code)
        word = fold(entry.word)
        return tuple(sorted(makers, key=lambda one: word not in fold(one.name)))


def _begins(phrase: tuple[str, ...], wanted: list[str]) -> bool:
    return phrase[0].startswith(wanted[0]) and _contains(phrase, wanted)


def _contains(phrase: tuple[str, ...], wanted: list[str]) -> bool:
    """Return whether the words typed begin words of the phrase, in order.

    A single letter begins a word only at the end, where the rest may still be typed.
    """
    rest = iter(phrase)
    *before, last = wanted
    return all(
        any(part == word or (len(word) > 1 and part.startswith(word)) for part in rest)
        for word in before
    ) and any(part.startswith(last) for part in rest)


@cache
def _neutral_lexicon(_language: str) -> Lexicon:
    return Lexicon(neutral_prices())


def neutral_lexicon() -> Lexicon:
    """Return the words shipped with the program, without any fee, in the language in force."""
    return _neutral_lexicon(language())
