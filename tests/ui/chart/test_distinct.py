"""Everything that can be charted is drawn, and no two things are drawn the same."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from clinic_desktop.domain.chart_details import details
from clinic_desktop.domain.chart_line import parse
from clinic_desktop.domain.chart_words import Lexicon, neutral_lexicon
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.teeth.chart import MarkStatus, ToothState, adult_chart
from clinic_desktop.domain.teeth.of_items import chart_of_items
from clinic_desktop.domain.vocabulary import terms
from clinic_desktop.ui.chart.odontogram import Odontogram
from clinic_desktop.ui.theme.theme import Theme

TODAY = date(2026, 3, 12)
WORK = [one for one in MarkStatus if one is not MarkStatus.CONDITION]
MADE = [code for code, term in terms().items() if not term.is_finding]
# A sound surface is drawn as one on purpose: with its 0.
TOOTH = 36


@dataclass
class Entry:
    code: str
    status: str
    surfaces: str = ""
    detail: str = ""
    tooth: int | None = TOOTH
    since: date = TODAY
    treatment: str | None = None
    paint: str | None = None
    id: UUID = field(default_factory=new_id)


def entry(code: str, status: str = "", detail: str = "") -> Entry:
    term = terms()[code]
    usual = "condition" if term.is_finding else "existing"
    surfaces = "O" if term.scope.startswith("surface") and code != "VENEER" else ""
    return Entry(code, status or usual, surfaces, detail)


@pytest.fixture
def teeth(qtbot: QtBot, theme: Theme) -> Odontogram:
    widget = Odontogram(theme)
    qtbot.addWidget(widget)
    widget.resize(1028, 542)
    widget.show()
    return widget


def drawn(teeth: Odontogram, *entries: Entry) -> bytes:
    """The column of the tooth and its surroundings in grey: colour alone tells nothing apart."""
    looked_at = [Entry("EXAMINED", "condition", tooth=fdi) for fdi in (35, TOOTH, 37)]
    teeth.set_chart(chart_of_items([*looked_at, *entries], born=None, on=TODAY))
    box = teeth.tooth_rect(TOOTH).adjusted(-14, -4, 14, 4)
    image = teeth.grab().toImage().copy(box)
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return bytes(grey.constBits())


def same(pictures: dict[str, bytes]) -> list[list[str]]:
    """The names of what is drawn alike."""
    found = defaultdict(list)
    for name, picture in pictures.items():
        found[picture].append(name)
    return [names for names in found.values() if len(names) > 1]


class TestDrawn:
    def test_no_two_entries_of_the_vocabulary_are_drawn_the_same(self, teeth) -> None:
        pictures = {code: drawn(teeth, entry(code)) for code in terms()}
        pictures["nothing"] = drawn(teeth)
        assert same(pictures) == []

    @pytest.mark.parametrize("code", MADE)
    def test_every_status_of_work_is_drawn_its_own_way(self, teeth, code: str) -> None:
        pictures = {status: drawn(teeth, entry(code, status)) for status in WORK}
        pictures["nothing"] = drawn(teeth)
        assert same(pictures) == []

    def test_planned_work_differs_from_all_other_planned_work(self, teeth) -> None:
        assert same({code: drawn(teeth, entry(code, "planned")) for code in MADE}) == []

    @pytest.mark.parametrize(
        ("code", "alike"),
        [("CROWN", ()), ("BR_ABUT", ()), ("BR_PONT", ()), ("VENEER", ()), ("INLAY", ()),
         ("IMPACT", ()), ("ROT", ()), ("DRIFT", ()), ("MOB", ()), ("VITAL", ("cold", "heat",
         "electric")), ("RCT", ()), ("ORTHO", ("bracket",)), ("DENT_P", ())],
    )  # fmt: skip
    def test_details_are_drawn(self, teeth, code: str, alike: tuple[str, ...]) -> None:
        words = [one.code for one in details()[code] if one.code not in alike]
        pictures = {word: drawn(teeth, entry(code, detail=word)) for word in words}
        assert same(pictures) == []

    @pytest.mark.parametrize("code", ["RCT", "POST", "APICO", "APICAL", "ABSCESS", "RESORB"])
    def test_each_root_has_its_own(self, teeth, code: str) -> None:
        pictures = {root: drawn(teeth, entry(code, detail=root)) for root in ("m", "d")}
        pictures["both"] = drawn(teeth, entry(code, detail="m d"))
        assert same(pictures) == []

    def test_canals_of_one_root_are_told_apart_from_one(self, teeth) -> None:
        one, two = (drawn(teeth, entry("RCT", detail=words)) for words in ("mb d", "mb ml d"))
        assert one != two

    def test_not_examined_is_never_drawn_as_sound(self, teeth) -> None:
        teeth.set_chart(adult_chart(ToothState.NOT_EXAMINED))
        box = teeth.tooth_rect(TOOTH)
        unknown = teeth.grab().toImage().copy(box)
        teeth.set_chart(adult_chart(ToothState.PRESENT))
        assert teeth.grab().toImage().copy(box) != unknown


class TestTyped:
    @pytest.mark.parametrize("code", list(terms()))
    def test_every_entry_of_the_vocabulary_can_be_typed(self, code: str) -> None:
        term = terms()[code]
        letter = "c" if term.is_finding else "e"
        surfaces = "o " if term.scope.startswith("surface") and code != "VENEER" else ""
        for typed in (term.key, term.words["en"], code):
            parsed = parse(
                f"{letter} 36 {surfaces}{typed}",
                notation="fdi",
                locale="en_IE",
                lexicon=neutral_lexicon(),
            )
            assert parsed.problem is None, (typed, parsed.problem)
            assert parsed.entry is not None
            assert parsed.entry.code == code

    def test_every_treatment_of_the_price_list_can_be_typed_by_its_name(self) -> None:
        lexicon: Lexicon = neutral_lexicon()
        for one in lexicon.entries:
            if not one.priced:
                continue
            tooth = {"primary": "75", "anterior": "11", "premolar": "34"}.get(one.fits, "36")
            where = "" if not one.needs_tooth else f"{tooth} "
            surfaces = "m " if one.needs_surfaces else ""
            parsed = parse(
                f"p {where}{surfaces}{one.name}", notation="fdi", locale="en_IE", lexicon=lexicon
            )
            assert parsed.problem is None, (one.name, parsed.problem)
            assert parsed.entry is not None
            assert parsed.entry.code == one.code, one.name

    def test_every_detail_can_be_typed(self) -> None:
        for code, known in details().items():
            letter = "c" if terms()[code].is_finding else "e"
            surfaces = "o " if terms()[code].scope.startswith("surface") else ""
            surfaces = "" if code == "VENEER" else surfaces
            for one in known:
                for word in (one.code, *one.keys):
                    parsed = parse(
                        f"{letter} 36 {surfaces}{code} {word}",
                        notation="fdi",
                        locale="en_IE",
                        lexicon=neutral_lexicon(),
                    )
                    assert parsed.detail == one.code, (code, word, parsed.problem)
