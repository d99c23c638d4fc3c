"""Attachment, indices, stage, grade and extent: cases worked out by hand, and what holds for any.

The figures follow ``perio_rules.json`` (Tonetti, Greenwell, Kornman 2018, doi:10.1111/jcpe.12945);
attachment loss is depth plus recession, or less what lies coronal to the junction. The widths of
gingiva are those of Lang and Löe 1972: attached = keratinised less the depth of the pocket.
Each case has its arithmetic beside it.
"""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_desktop.domain.perio.exam import Exam, Standing, ToothReading
from clinic_desktop.domain.perio.facts import Background, Fact
from clinic_desktop.domain.perio.grade import Earlier
from clinic_desktop.domain.perio.indices import Share, indices
from clinic_desktop.domain.perio.proposal import propose
from clinic_desktop.domain.perio.rules import Measure, limits
from clinic_desktop.domain.perio.sites import Furca, Site, furcations
from clinic_desktop.domain.teeth.dentition import PERMANENT

TODAY = date(2026, 3, 12)
NONE = (None,) * 6


def tooth(fdi: int, depth=NONE, margin=NONE, **more) -> ToothReading:
    return ToothReading(fdi, depth=tuple(depth), margin=tuple(margin), **more)


def marks(count: int) -> tuple[bool, ...]:
    return tuple(place < count for place in range(6))


def mouth(*changed: ToothReading, teeth: tuple[int, ...] = PERMANENT) -> Exam:
    """A whole mouth without loss: 2 mm deep, the margin 2 mm above the junction: 2 - 2 = 0."""
    sound = {fdi: tooth(fdi, (2,) * 6, (-2,) * 6) for fdi in teeth}
    return Exam(sound | {one.tooth: one for one in changed})


def lost(fdi: int, mm: int, *sites: Site) -> ToothReading:
    """A tooth with so much recession at sites (all between teeth by default), pockets of 2 mm."""
    wanted = sites or tuple(site for site in Site if site.interdental)
    return tooth(fdi, (2,) * 6, tuple(mm - 2 if site in wanted else -2 for site in Site))


class TestAttachment:
    @pytest.mark.parametrize(
        ("depth", "margin", "loss"),
        [
            (4, 2, 6),  # recession: 4 + 2
            (5, 0, 5),  # the margin at the junction: 5 + 0
            (6, -3, 3),  # 3 mm of swollen gingiva above it: 6 - 3
            (4, -4, 0),  # a pseudo-pocket: 4 - 4, nothing is lost
            (1, 7, 8),  # shallow, and most of the root bare: 1 + 7
            (3, -5, -2),  # attached to enamel: 3 - 5, as in a tooth coming through
            (0, 0, 0),
            (19, 19, 38),  # the most that both fields take
            (None, 2, None),
            (4, None, None),  # never 4: nobody knows where the junction is
            (None, None, None),
        ],
    )
    def test_depth_plus_recession(self, depth, margin, loss) -> None:
        one = tooth(16, (depth,) * 6, (margin,) * 6)
        assert [one.loss(site) for site in Site] == [loss] * 6

    @pytest.mark.parametrize(
        ("junction", "margin", "depth", "keratinised", "attached"),
        [
            (7, 2, 3, 5, 2),  # 7 - 2 = 5; 5 - 3 = 2, or 7 - (3 + 2)
            (4, -1, 2, 5, 3),  # 4 + 1 = 5; 5 - 2 = 3
            (5, 3, 4, 2, -2),  # the pocket ends below the junction: 2 - 4
            (3, None, 2, None, None),
            (6, 1, None, 5, None),
        ],
    )
    def test_gingiva(self, junction, margin, depth, keratinised, attached) -> None:
        one = tooth(31, (depth,) * 6, (margin,) * 6, mgj=(junction,) * 6)
        assert (one.keratinised(Site.B), one.attached(Site.B)) == (keratinised, attached)


class TestShares:
    def test_a_whole_mouth_of_28(self) -> None:
        """28 x 6 = 168 sites; 14 teeth bleed at 3 of them: 42 of 168 = 25 %."""
        teeth = [fdi for fdi in PERMANENT if fdi % 10 != 8]
        exam = Exam({
            fdi: tooth(fdi, (3,) * 6, bleeding=marks(3 if place < 14 else 0))
            for place, fdi in enumerate(teeth)
        })  # fmt: skip
        found = indices(exam)
        assert (found.bleeding, found.bleeding.percent) == (Share(42, 168), 25.0)

    def test_six_teeth_for_the_whole(self) -> None:
        """Ramfjord's teeth 16 21 24 36 41 44: 36 sites; 9 bleed: 25 % of 36, never of 192."""
        exam = Exam({fdi: tooth(fdi) for fdi in PERMANENT}).teeth
        for place, fdi in enumerate((16, 21, 24, 36, 41, 44)):
            exam[fdi] = tooth(fdi, (3,) * 6, bleeding=marks(3 if place < 3 else 0))
        found = indices(Exam(exam))
        assert (found.bleeding, found.bleeding.percent) == (Share(9, 36), 25.0)
        assert (found.wanted, found.entered) == (192, 36)

    def test_a_tooth_nobody_probed_is_not_one_that_does_not_bleed(self) -> None:
        """3 of 6 = 50 %; divided by all sites, as Open Dental does, it would be 3 of 12 = 25 %."""
        exam = Exam({16: tooth(16, (3,) * 6, bleeding=marks(3)), 15: tooth(15)})
        assert indices(exam).bleeding.percent == 50.0

    def test_a_mark_without_a_depth_was_looked_at(self) -> None:
        """5 depths and one more site that bled: 2 of 6 = 33.3 %."""
        depth = (3, 3, 3, 3, 3, None)
        exam = Exam({16: tooth(16, depth, bleeding=(True, False, False, False, False, True))})
        assert indices(exam).bleeding == Share(2, 6)

    def test_plaque_of_o_leary_with_six_surfaces(self) -> None:
        """24 teeth, 144 surfaces, 36 of them with plaque: 25 %. Not looked for is no percentage."""
        exam = Exam({
            fdi: tooth(fdi, (2,) * 6, plaque=marks(3 if place < 12 else 0))
            for place, fdi in enumerate(PERMANENT[:24])
        })  # fmt: skip
        assert indices(exam).plaque is None
        found = indices(replace(exam, plaque_looked=True)).plaque
        assert found is not None
        assert (found, found.percent) == (Share(36, 144), 25.0)

    def test_looked_for_and_none_found_is_none_and_known(self) -> None:
        exam = Exam({16: tooth(16, (2,) * 6)}, plaque_looked=True)
        assert indices(exam).plaque == Share(0, 6)

    def test_pockets_and_means(self) -> None:
        """3 4 5 6 7 - and 2 2 2 2 2 2 over 11 sites.

        4 to 5 mm: 2; 6 and more: 2; mean (3 + 4 + 5 + 6 + 7 + 12) / 11 = 37 / 11 = 3.36; loss is
        known of 4 + 1, 5 + 2 and 6 - 2: (5 + 7 + 4) / 3 = 5.33.
        """
        exam = Exam({
            16: tooth(16, (3, 4, 5, 6, 7, None), (None, 1, 2, -2, None, 4)),
            15: tooth(15, (2,) * 6),
        })  # fmt: skip
        found = indices(exam)
        assert (found.medium, found.deep) == (Share(2, 11), Share(2, 11))
        assert (found.depth.total, found.depth.n) == (37, 11)
        assert (found.loss.total, found.loss.n) == (16, 3)
        assert found.depth.mm == pytest.approx(3.36, abs=0.005)
        assert found.loss.mm == pytest.approx(5.33, abs=0.005)

    def test_missing_teeth_are_out_whatever_stands_on_them(self) -> None:
        gone = tooth(18, (9,) * 6, standing=Standing.MISSING, bleeding=marks(6))
        found = indices(Exam({16: tooth(16, (2,) * 6), 18: gone}))
        assert (found.teeth, found.bleeding, found.deepest) == (1, Share(0, 6), 2)


class TestFurcationAndMobility:
    def test_where_a_tooth_has_furcations(self) -> None:
        """Upper molars 3 (B, M, D), upper first premolars 2 (M, D), lower molars 2 (B, L)."""
        upper, lower = (Furca.B, Furca.M, Furca.D), (Furca.B, Furca.L)
        expected = dict.fromkeys((16, 17, 18, 26, 27, 28), upper)
        expected |= dict.fromkeys((36, 37, 38, 46, 47, 48), lower)
        expected |= {14: (Furca.M, Furca.D), 24: (Furca.M, Furca.D)}
        assert {fdi: furcations(fdi) for fdi in PERMANENT if furcations(fdi)} == expected
        # 6 x 3 + 2 x 2 + 6 x 2 = 34 in a whole mouth.
        assert sum(len(furcations(fdi)) for fdi in PERMANENT) == 34

    @pytest.mark.parametrize(("grade", "stage"), [(None, 1), (0, 1), (1, 1), (2, 3), (3, 3)])
    def test_class_two_and_three_raise_to_three(self, grade, stage) -> None:
        molar = lost(16, 2).with_value(Measure.FURCATION, Furca.B, grade)
        assert propose(mouth(molar, lost(36, 2)), KNOWN, on=TODAY).stage == stage

    @pytest.mark.parametrize(("grade", "stage"), [(None, 3), (1, 3), (2, 4), (3, 4)])
    def test_mobility_of_two_raises_three_to_four(self, grade, stage) -> None:
        loose = lost(31, 5).with_value(Measure.MOBILITY, 0, grade)
        assert propose(mouth(loose, lost(36, 5)), KNOWN, on=TODAY).stage == stage

    def test_below_stage_three_mobility_is_for_the_clinician(self) -> None:
        loose = lost(31, 4).with_value(Measure.MOBILITY, 0, 3)
        found = propose(mouth(loose, lost(36, 4)), KNOWN, on=TODAY)
        assert found.stage == 2
        assert [one.detail for one in found.evidence if one.fact is Fact.TO_CONSIDER] == [
            Fact.MOBILITY
        ]


KNOWN = Background(age=50, lost_teeth=0, smoking="none", diabetes="none")
DL, MB = Site.DL, Site.MB
# What is in the mouth, what is known beside it, and what follows: stage, grade, extent.
CASES = {
    # 1 - 2 mm is stage I; 2 of 32 teeth = 6 %. Nobody knows how fast: B.
    "early": (mouth(lost(16, 2, DL), lost(36, 1, DL)), KNOWN, "1 B localized"),
    # 4 mm is stage II; 10 of 32 have 3 mm or more = 31 %.
    "moderate": (
        mouth(*(lost(fdi, 4 if fdi == 18 else 3, MB) for fdi in PERMANENT[:10])),
        KNOWN, "2 B generalized",
    ),
    # 9 of 32 = 28 % is below 30.
    "just localized": (
        mouth(*(lost(fdi, 3, MB) for fdi in PERMANENT[:9])), KNOWN, "2 B localized",
    ),
    # 5 mm is stage III, 4 lost teeth keep it there; bone 40 % at 50 years: 40 / 50 = 0.8 is B.
    "severe": (
        mouth(lost(16, 5, DL), lost(26, 6, DL)), replace(KNOWN, lost_teeth=4, bone_loss=40),
        "3 B localized",
    ),
    # 5 lost teeth are stage IV; 60 / 50 = 1.2 is over 1.0: C.
    "very severe": (
        mouth(lost(16, 5, DL), lost(26, 6, DL)), replace(KNOWN, lost_teeth=5, bone_loss=60),
        "4 C localized",
    ),
    # Incisors and first molars alone: the pattern has a name of its own, though 8 of 32 = 25 %.
    "molars and incisors": (
        mouth(*(lost(fdi, 5, MB) for fdi in (16, 26, 36, 46, 11, 21, 31, 41))), KNOWN,
        "3 B molar_incisor",
    ),
    # Loss of 2 mm is stage I; a true pocket of 6 (6 - 4 = 2) raises to III.
    "a deep pocket": (
        mouth(tooth(16, (6,) * 6, (-4,) * 6), lost(36, 2, DL)), KNOWN, "3 B localized",
    ),
    # 6 mm deep with the margin 6 mm up loses nothing: 6 - 6 = 0, it raises nothing.
    "a pseudo-pocket": (
        mouth(tooth(26, (6,) * 6, (-6,) * 6), lost(16, 1, DL), lost(36, 1, DL)), KNOWN,
        "1 B localized",
    ),
    # 12 / 60 = 0.2 is under 0.25: A; ten cigarettes a day and more make it C.
    "slow": (
        mouth(lost(16, 2, DL), lost(36, 2, DL)), replace(KNOWN, age=60, bone_loss=12),
        "1 A localized",
    ),
    "slow, smoking": (
        mouth(lost(16, 2, DL), lost(36, 2, DL)),
        replace(KNOWN, age=60, bone_loss=12, smoking="heavy"), "1 C localized",
    ),
    # HbA1c below 7 % makes A a B, and leaves C as it is: 70 / 50 = 1.4.
    "diabetes, well kept": (
        mouth(lost(16, 2, DL), lost(36, 2, DL)),
        replace(KNOWN, age=60, bone_loss=12, diabetes="controlled"), "1 B localized",
    ),
    "diabetes lowers nothing": (
        mouth(lost(16, 2, DL), lost(36, 2, DL)),
        replace(KNOWN, bone_loss=70, diabetes="controlled"), "1 C localized",
    ),
    # Loss between teeth at one tooth alone, or at two side by side, is no case.
    "one tooth": (mouth(lost(16, 5)), KNOWN, "0"),
    "side by side": (mouth(lost(16, 5), lost(15, 5)), KNOWN, "0"),
    # The second limb: 3 mm at the cheek with a pocket of 4 at two teeth, though side by side.
    "faces": (
        mouth(*(tooth(fdi, (2, 4, 2, 2, 2, 2), (-2, -1, -2, -2, -2, -2)) for fdi in (16, 15))),
        KNOWN, "1 B localized",
    ),
    # A pocket of 3 mm is not over 3: no case.
    "faces, shallow": (
        mouth(*(tooth(fdi, (2, 3, 2, 2, 2, 2), (-2, 0, -2, -2, -2, -2)) for fdi in (16, 15))),
        KNOWN, "0",
    ),
    # 19 teeth with 5 mm: fewer than 20 raises stage III to IV; all of 19 = 100 %.
    "few teeth": (
        mouth(*(lost(fdi, 5) for fdi in PERMANENT[:19]), teeth=PERMANENT[:19]), KNOWN,
        "4 B generalized",
    ),
}  # fmt: skip


class TestClassification:
    @pytest.mark.parametrize("name", list(CASES))
    def test_case(self, name) -> None:
        exam, background, text = CASES[name]
        assert propose(exam, background, on=TODAY).text == text

    @pytest.mark.parametrize(
        ("years", "before", "grade"),
        [
            (5, 4, "A"),  # 4 mm then, 4 now
            (5, 3, "B"),  # 1 mm in five years
            (5, 2, "C"),  # 2 mm
            (4, 2, "B"),  # four years say nothing: assumed
        ],
    )
    def test_what_was_lost_since(self, years, before, grade) -> None:
        old = Earlier(date(2026 - years, 3, 12), mouth(lost(16, before), lost(36, before)))
        exam = mouth(lost(16, 4), lost(36, 4))
        assert propose(exam, KNOWN, on=TODAY, earlier=[old]).grade == grade


# -- what holds for any exam -------------------------------------------------------------------

some = settings(max_examples=40)
depths = st.one_of(st.none(), st.integers(*limits(Measure.DEPTH)))
margins = st.one_of(st.none(), st.integers(*limits(Measure.MARGIN)))
six = st.lists(st.booleans(), min_size=6, max_size=6).map(tuple)


@st.composite
def readings(draw, fdi: int) -> ToothReading:
    grades = st.one_of(st.none(), st.integers(0, 3))
    places = furcations(fdi)
    return ToothReading(
        fdi,
        draw(st.sampled_from([Standing.THERE] * 6 + [Standing.IMPLANT, Standing.MISSING])),
        depth=tuple(draw(depths) for _site in Site),
        margin=tuple(draw(margins) for _site in Site),
        bleeding=draw(six), suppuration=draw(six), plaque=draw(six), calculus=draw(six),
        furcation=tuple(draw(grades) if place in places else None for place in range(4)),
        mobility=draw(grades),
    )  # fmt: skip


@st.composite
def exams(draw) -> Exam:
    teeth = draw(st.lists(st.sampled_from(PERMANENT), max_size=5, unique=True))
    return Exam(
        {fdi: draw(readings(fdi)) for fdi in teeth},
        plaque_looked=draw(st.booleans()),
        calculus_looked=draw(st.booleans()),
    )


def shares(exam: Exam) -> list[Share]:
    found = indices(exam)
    each = (found.bleeding, found.suppuration, found.plaque, found.calculus, found.medium,
            found.deep)  # fmt: skip
    return [one for one in each if one is not None]


class TestAnyExam:
    @some
    @given(exams())
    def test_n_is_what_was_measured_and_nothing_else(self, exam) -> None:
        found = indices(exam)
        probed = [one for one in exam.teeth.values() if one.standing is not Standing.MISSING]
        sites = [(one, site) for one in probed for site in Site]
        assert found.depth.n == found.medium.n == sum(o.depth[s] is not None for o, s in sites)
        assert found.loss.n == sum(
            o.depth[s] is not None and o.margin[s] is not None for o, s in sites
        )
        seen = sum(
            o.depth[s] is not None or o.bleeding[s] or o.suppuration[s] or o.plaque[s]
            or o.calculus[s]
            for o, s in sites
        )  # fmt: skip
        assert found.bleeding.n == found.suppuration.n == seen
        assert found.wanted == len(sites)

    @some
    @given(exams())
    def test_bounds(self, exam) -> None:
        for share in shares(exam):
            assert 0 <= share.count <= share.n <= indices(exam).wanted
            assert share.percent is None if share.n == 0 else 0 <= share.percent <= 100
        found = indices(exam)
        if found.depth.mm is not None:
            assert found.deepest is not None
            assert 0 <= found.depth.mm <= found.deepest <= 19
        assert (found.loss.mm is None) == (found.loss.n == 0)
        proposed = propose(exam, KNOWN, on=TODAY)
        assert proposed.stage in (None, 0, 1, 2, 3, 4)
        assert proposed.grade in ("", "A", "B", "C")

    @some
    @given(exams(), st.sampled_from(PERMANENT))
    def test_a_tooth_nobody_looked_at_changes_no_figure(self, exam, fdi) -> None:
        """Unknown is not healthy: it lowers no percentage and no mean."""
        if fdi in exam.teeth:
            return
        more = replace(exam, teeth={**exam.teeth, fdi: ToothReading(fdi)})
        assert shares(more) == shares(exam)
        assert indices(more).depth == indices(exam).depth
        assert indices(more).loss == indices(exam).loss

    @some
    @given(exams(), st.data())
    def test_without_one_value_nobody_is_called_healthy(self, exam, data) -> None:
        """ "No periodontitis" needs every site: one that is wiped takes the word away."""
        natural = [one.tooth for one in exam.natural]
        if not natural:
            assert propose(exam, KNOWN, on=TODAY).stage is None
            return
        fdi, site = data.draw(st.sampled_from(natural)), data.draw(st.sampled_from(Site))
        measure = data.draw(st.sampled_from([Measure.DEPTH, Measure.MARGIN]))
        wiped = exam.teeth[fdi].with_value(measure, site, None)
        found = propose(replace(exam, teeth={**exam.teeth, fdi: wiped}), KNOWN, on=TODAY)
        assert found.stage != 0
        assert found.missing > 0

    @some
    @given(exams(), st.permutations(range(6)), st.randoms(use_true_random=False))
    def test_the_order_of_sites_and_teeth_moves_no_index(self, exam, order, random) -> None:
        def turned(one: ToothReading) -> ToothReading:
            lists = ("depth", "margin", "bleeding", "suppuration", "plaque", "calculus")
            return replace(
                one, **{name: tuple(getattr(one, name)[n] for n in order) for name in lists}
            )

        teeth = [turned(one) for one in exam.teeth.values()]
        random.shuffle(teeth)
        assert indices(replace(exam, teeth={one.tooth: one for one in teeth})) == indices(exam)

    @some
    @given(exams(), st.sampled_from(list(permutations((Site.MB, Site.DB, Site.ML, Site.DL)))))
    def test_which_of_the_sites_between_teeth_it_is_moves_no_stage(self, exam, order) -> None:
        """Stage, grade and extent ask only whether a site lies between teeth."""
        places = dict(zip((Site.MB, Site.DB, Site.ML, Site.DL), order, strict=True))

        def turned(one: ToothReading) -> ToothReading:
            return replace(
                one,
                depth=tuple(one.depth[places.get(site, site)] for site in Site),
                margin=tuple(one.margin[places.get(site, site)] for site in Site),
            )

        other = replace(exam, teeth={fdi: turned(one) for fdi, one in exam.teeth.items()})
        assert propose(other, KNOWN, on=TODAY).text == propose(exam, KNOWN, on=TODAY).text

    @some
    @given(exams(), st.data())
    def test_a_deeper_pocket_never_betters_the_stage(self, exam, data) -> None:
        deeper = [
            (one.tooth, site)
            for one in exam.natural
            for site in Site
            if one.depth[site] is not None and one.depth[site] < 19
        ]
        if not deeper:
            return
        fdi, site = data.draw(st.sampled_from(deeper))
        before = propose(exam, KNOWN, on=TODAY).stage
        reading = exam.teeth[fdi]
        more = reading.with_value(Measure.DEPTH, site, int(reading.depth[site] or 0) + 1)
        after = propose(replace(exam, teeth={**exam.teeth, fdi: more}), KNOWN, on=TODAY).stage
        assert (after or 0) >= (before or 0)
