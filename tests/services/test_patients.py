"""Registering, changing and opening patients, their alerts and look-alikes, on a real server."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    StaleError,
)
from clinic_desktop.models import (
    AccessLog,
    AppointmentTreatment,
    ChartItem,
    Household,
    JournalEntry,
    Patient,
    Posting,
)
from clinic_desktop.services import patients
from clinic_desktop.services.patients.alerts import NONE_KNOWN
from clinic_desktop.services.patients.schemas import (
    DuplicateDraft,
    NewAlert,
    NewPatient,
    PatientChange,
)
from clinic_desktop.services.rows import add_row, add_rows

BORN = date(1984, 9, 3)


def a_new(**values: object) -> NewPatient:
    return NewPatient(
        **{
            "id": new_id(),
            "given": "Inês",
            "family": "Carvalho-Lindqvist",
            "born": BORN,
            "phone": "086 555 0142",
            **values,
        }
    )


def owe(signed_in, patient: UUID, amount: int) -> None:
    with signed_in.writing() as ctx:
        entry = new_id()
        add_row(
            ctx,
            JournalEntry,
            id=entry,
            patient_id=patient,
            kind="charge",
            day=date(2026, 3, 12),
            act=f"test:{entry}",
        )
        sides = [("receivable", patient, amount), ("income", None, -amount)]
        add_rows(
            ctx,
            Posting,
            [
                {"id": new_id(), "journal_entry_id": entry, "account": account,
                 "patient_id": whose, "amount": value}
                for account, whose, value in sides
            ],
        )  # fmt: skip


def entries(signed_in, patient: UUID) -> list[tuple[str, ...]]:
    """Return who read the record; only those who may see the audit log can ask."""
    columns = (AccessLog.login, AccessLog.device, AccessLog.action, AccessLog.category)
    with signed_in.reading() as ctx:
        rows = ctx.connection.execute(select(*columns).where(AccessLog.patient_id == patient))
        return [tuple(row) for row in rows]


class TestRegister:
    def test_registered_as_typed_and_numbered(self, sign_in) -> None:
        new = a_new(given="  Inês\u200b ", email="ines.cl@example.org")
        front = sign_in("u_front")
        with front.writing() as ctx:
            made = patients.register(ctx, new)
        assert (made.name, made.again) == ("Inês Carvalho-Lindqvist", False)
        with front.reading() as ctx:
            card = patients.open_patient(ctx, new.id)
        assert (card.number, card.phone, card.version) == (made.number, "+353865550142", 1)
        assert (card.given, card.born, card.email) == ("Inês", BORN, "ines.cl@example.org")

    def test_a_second_enter_is_the_same_act(self, sign_in) -> None:
        new = a_new()
        front = sign_in("u_front")
        with front.writing() as ctx:
            first = patients.register(ctx, new)
        with front.writing() as ctx:
            second = patients.register(ctx, new)
        assert second == first.model_copy(update={"again": True})

    @pytest.mark.parametrize(
        "name",
        [
            "😀",
            "<b>Bold</b>",
            "A & B",
            "محمد",
            "陳",
            "Nguyễn Thị",
            "O'Brien",
            "x" * 100,
            "李\u200d",
        ],
    )
    def test_any_name_is_kept(self, sign_in, name: str) -> None:
        new = a_new(given=name, family="")
        front = sign_in("u_front")
        with front.writing() as ctx:
            patients.register(ctx, new)
        with front.reading() as ctx:
            assert patients.open_patient(ctx, new.id).given == name.rstrip("\u200d")
            assert [row.id for row in patients.find(ctx, name)] == [new.id]

    @pytest.mark.parametrize(
        ("values", "field", "sentence"),
        [
            ({"given": ""}, "given", "first name is needed"),
            ({"given": "\u200b\u202e \u3164"}, "given", "first name is needed"),
            ({"given": "\0"}, "given", "first name is needed"),
            ({"given": "-"}, "given", "first name is needed"),
            ({"given": "x" * 101}, "given", "101 characters"),
            ({"family": "y" * 500}, "family", "500 characters"),
            ({"born": None}, "born", "birth date or an age"),
            ({"born": date(1, 1, 1)}, "born", "or later"),
            ({"born": date(9999, 12, 31)}, "born", "still to come"),
            ({"phone": ""}, "phone", "phone number is needed"),
            ({"phone": "12"}, "phone", "too short"),
            ({"phone": "<b>"}, "phone", "figures"),
            ({"email": "ines"}, "email", "name@example.org"),
            ({"email": "a@b@c.de"}, "email", "name@example.org"),
        ],
    )
    def test_what_cannot_be_kept_is_told_at_its_field(
        self, sign_in, values: dict[str, object], field: str, sentence: str
    ) -> None:
        with (
            pytest.raises(InvalidError, match=sentence) as refused,
            sign_in("u_front").writing() as ctx,
        ):
            patients.register(ctx, a_new(**values))
        assert refused.value.field == field

    def test_no_phone_needs_its_reason(self, sign_in) -> None:
        new = a_new(phone="", no_phone_reason="Has none")
        with sign_in("u_front").writing() as ctx:
            patients.register(ctx, new)
        with sign_in("u_front").reading() as ctx:
            card = patients.open_patient(ctx, new.id)
        assert (card.phone, card.no_phone_reason) == ("", "Has none")

    def test_same_family_makes_a_household_and_joins_it(self, sign_in) -> None:
        ines, erik, joakim = a_new(), a_new(given="Erik"), a_new(given="Joakim")
        front = sign_in("u_front")
        with front.writing() as ctx:
            patients.register(ctx, ines)
        for new in (erik, joakim):
            with front.writing() as ctx:
                patients.register(ctx, new.model_copy(update={"same_family_as": ines.id}))
        with front.reading() as ctx:
            card = patients.open_patient(ctx, ines.id)
            relatives = patients.overview(ctx, ines.id).relatives
            households = ctx.connection.execute(select(Household.name, Household.payer_id)).all()
        assert card.payer_id == ines.id
        assert {relative.name for relative in relatives} == {
            "Erik Carvalho-Lindqvist",
            "Joakim Carvalho-Lindqvist",
        }
        assert [tuple(row) for row in households] == [("Carvalho-Lindqvist", ines.id)]

    def test_readers_register_nobody(self, sign_in) -> None:
        with pytest.raises(NotAllowedError), sign_in("u_compliance").writing() as ctx:
            patients.register(ctx, a_new())


class TestChange:
    def test_only_what_was_asked_changes(self, sign_in, make_named) -> None:
        ines = make_named("Inês", "Carvalho", phone="086 555 0142", email="i@example.org")
        front = sign_in("u_front")
        with front.writing() as ctx:
            asked = PatientChange(id=ines, version=1, phone="086 555 0199", sticky_note="a\nb")
            assert patients.change(ctx, asked) == 2
        with front.reading() as ctx:
            card = patients.open_patient(ctx, ines)
            assert [row.id for row in patients.find(ctx, "5550199")] == [ines]
            assert patients.find(ctx, "5550142") == ()
        assert (card.phone, card.email, card.sticky_note) == (
            "+353865550199",
            "i@example.org",
            "a\nb",
        )

    def test_a_stale_save_is_refused(self, sign_in, make_named) -> None:
        ines = make_named("Inês", "Carvalho")
        front = sign_in("u_front")
        with front.writing() as ctx:
            patients.change(ctx, PatientChange(id=ines, version=1, city="Galway"))
        with pytest.raises(StaleError), front.writing() as ctx:
            patients.change(ctx, PatientChange(id=ines, version=1, city="Cork"))
        with front.reading() as ctx:
            assert patients.open_patient(ctx, ines).city == "Galway"
            saved = patients.last_save(ctx, ines)
        assert saved is not None
        assert (saved.by, saved.device) == ("Siobhán Keane", "pc-1")

    def test_species_until_teeth_are_charted(self, signed_in, make, sign_in) -> None:
        with signed_in.writing() as ctx:
            rex = patients.register(ctx, a_new(given="Rex", family="Reis", species="dog")).id
        with signed_in.reading() as ctx:
            assert patients.open_patient(ctx, rex).species == "dog"
        with signed_in.writing() as ctx:
            patients.change(ctx, PatientChange(id=rex, version=1, species="cat"))
        make.row(
            ChartItem, patient_id=rex, kind="condition", code="caries", tooth=2108,
            status="condition", since=date(2026, 1, 1),
        )  # fmt: skip
        with pytest.raises(InvalidError, match="charted") as told, signed_in.writing() as ctx:
            patients.change(ctx, PatientChange(id=rex, version=2, species="human"))
        assert told.value.field == "species"
        with signed_in.writing() as ctx:
            patients.change(ctx, PatientChange(id=rex, version=2, species="cat", city="Cork"))

    def test_taking_the_phone_away_needs_a_reason(self, sign_in, make_named) -> None:
        ines = make_named("Inês", "Carvalho", phone="086 555 0142")
        with pytest.raises(InvalidError, match="reason"), sign_in("u_front").writing() as ctx:
            patients.change(ctx, PatientChange(id=ines, version=1, phone=""))

    def test_a_phone_again_ends_the_reason(self, sign_in, make_named) -> None:
        ines = make_named("Inês", "Carvalho")
        with sign_in("u_front").writing() as ctx:
            patients.change(ctx, PatientChange(id=ines, version=1, phone="086 555 0142"))
        with sign_in("u_front").reading() as ctx:
            assert patients.open_patient(ctx, ines).no_phone_reason == ""

    @pytest.mark.parametrize(
        ("field", "value"),
        [("given", " "), ("phone", "12"), ("email", "x"), ("address", "x" * 501),
         ("sticky_note", "x" * 4001), ("city", "x" * 121), ("born", date(1700, 1, 1))],
    )  # fmt: skip
    def test_refusals_name_the_field(self, sign_in, make_named, field: str, value: object) -> None:
        ines = make_named("Inês", "Carvalho")
        asked = PatientChange(id=ines, version=1, **{field: value})
        with pytest.raises(InvalidError) as refused, sign_in("u_front").writing() as ctx:
            patients.change(ctx, asked)
        assert refused.value.field == field

    def test_gone_records_say_so(self, sign_in) -> None:
        with pytest.raises(NotFoundError), sign_in("u_front").writing() as ctx:
            patients.change(ctx, PatientChange(id=new_id(), version=1, city="Cork"))


class TestOpenPatient:
    def test_card_in_one_question_with_its_entry(self, sign_in, make, signed_in) -> None:
        ines = make.patient()
        provider, chair = make.provider(), make.chair()
        front = sign_in("u_front", device="front-1")
        with front.reading() as ctx:
            now = ctx.now
            midnight = now.astimezone(ctx.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        make.appointment(ines, provider, chair_id=chair, starts_at=midnight + timedelta(hours=12))
        make.appointment(ines, provider, starts_at=midnight + timedelta(days=14))
        make.appointment(
            ines, provider, starts_at=now - timedelta(days=40), status="done", done_at=now
        )
        owe(signed_in, ines, 14400)
        with front.reading() as ctx:
            card = patients.open_patient(ctx, ines)
        assert card.balance == 14400
        assert card.today is not None
        assert (card.today.provider, card.today.chair) == ("Dr Amara Nwosu", "Chair 2")
        assert card.next_visit == midnight + timedelta(days=14)
        assert card.last_visit == now - timedelta(days=40)
        assert not card.asked
        assert entries(signed_in, ines) == [("u_front", "front-1", "open", "patient")]

    def test_a_glance_is_written_down_as_one(self, sign_in, make, signed_in) -> None:
        ines = make.patient()
        with sign_in("u_front").reading() as ctx:
            patients.open_patient(ctx, ines, access="peek")
        assert entries(signed_in, ines) == [("u_front", "pc-1", "peek", "patient")]

    def test_accounts_stay_unknown_without_the_right(self, sign_in, make) -> None:
        ines = make.patient()
        with sign_in("u_assistant").reading() as ctx:
            assert patients.open_patient(ctx, ines).balance is None

    def test_of_another_clinic_there_is_nothing(self, sign_in, make, signed_in) -> None:
        ines = make.patient()
        with sign_in("u_other").reading() as ctx, pytest.raises(NotFoundError):
            patients.open_patient(ctx, ines)
        assert entries(signed_in, ines) == []

    def test_overview_tells_visits_with_what_is_planned(self, sign_in, make) -> None:
        ines, provider = make.patient(), make.provider()
        treatment = make.treatment()
        with sign_in("u_front").reading() as ctx:
            now = ctx.now
        visit = make.appointment(ines, provider, starts_at=now + timedelta(days=1))
        make.appointment(ines, provider, starts_at=now - timedelta(days=9), status="missed")
        make.row(AppointmentTreatment, appointment_id=visit, treatment_id=treatment)
        with sign_in("u_front").reading() as ctx:
            visits = patients.overview(ctx, ines).visits
        assert [(v.status, v.treatments) for v in visits] == [
            ("pending", ("Composite, 3 surfaces",)),
            ("missed", ()),
        ]


class TestAlerts:
    def alert(self, patient: UUID, **values: object) -> NewAlert:
        return NewAlert(
            **{
                "id": new_id(),
                "patient_id": patient,
                "kind": "allergy",
                "severity": "stop",
                "text": "Penicillin: anaphylaxis (2019)",
                **values,
            }
        )

    def test_stop_comes_first(self, sign_in, make) -> None:
        ines = make.patient()
        dentist = sign_in("u_dentist")
        with dentist.writing() as ctx:
            patients.add_alert(ctx, self.alert(ines, kind="other", severity="context", text="Tall"))
            patients.add_alert(
                ctx, self.alert(ines, kind="condition", severity="caution", text="Latex")
            )
            patients.add_alert(ctx, self.alert(ines))
        with dentist.reading() as ctx:
            card = patients.open_patient(ctx, ines)
            assert [a.severity for a in card.alerts] == ["stop", "context", "caution"]
            assert [a.severity for a in patients.alerts(ctx, ines)] == [
                "stop",
                "caution",
                "context",
            ]
            row = patients.list_page(ctx)[0]
        assert (row.alerts, row.severity) == (3, "stop")

    def test_none_known_is_a_fact_with_a_day(self, sign_in, make) -> None:
        ines = make.patient()
        front = sign_in("u_front")
        with front.writing() as ctx:
            patients.add_alert(ctx, NewAlert(id=new_id(), patient_id=ines, kind=NONE_KNOWN))
            today = ctx.now.astimezone(ctx.zone).date()
        with front.reading() as ctx:
            card = patients.open_patient(ctx, ines)
            assert patients.list_page(ctx)[0].alerts == 0
        assert card.asked
        assert [(a.kind, a.noted_on) for a in card.alerts] == [(NONE_KNOWN, today)]

    def test_an_allergy_ends_none_known(self, sign_in, make) -> None:
        ines = make.patient()
        front = sign_in("u_front")
        with front.writing() as ctx:
            patients.add_alert(ctx, NewAlert(id=new_id(), patient_id=ines, kind=NONE_KNOWN))
            patients.add_alert(ctx, self.alert(ines))
        with front.reading() as ctx:
            assert [a.kind for a in patients.alerts(ctx, ines)] == ["allergy"]
        with pytest.raises(ConflictError, match="Penicillin"), front.writing() as ctx:
            patients.add_alert(ctx, NewAlert(id=new_id(), patient_id=ines, kind=NONE_KNOWN))

    def test_same_act_twice_is_one(self, sign_in, make) -> None:
        ines = make.patient()
        new = self.alert(ines)
        with sign_in("u_front").writing() as ctx:
            assert patients.add_alert(ctx, new)
            assert not patients.add_alert(ctx, new)

    def test_withdrawn_and_reviewed(self, sign_in, make) -> None:
        ines = make.patient()
        front = sign_in("u_front")
        new = self.alert(ines)
        with front.writing() as ctx:
            patients.add_alert(ctx, new)
            patients.withdraw_alert(ctx, new.id, 1)
            assert patients.review_alerts(ctx, ines) == 2
        with front.reading() as ctx:
            card = patients.open_patient(ctx, ines)
        assert card.alerts == ()
        assert card.alerts_reviewed_by == "Siobhán Keane"
        assert card.asked

    def test_words_are_needed(self, sign_in, make) -> None:
        ines = make.patient()
        with pytest.raises(InvalidError) as refused, sign_in("u_front").writing() as ctx:
            patients.add_alert(ctx, self.alert(ines, text=" \0 "))
        assert refused.value.field == "text"

    def test_auditors_write_none(self, sign_in, make) -> None:
        ines = make.patient()
        with pytest.raises(NotAllowedError), sign_in("u_compliance").writing() as ctx:
            patients.add_alert(ctx, self.alert(ines))


class TestPossibleDuplicates:
    def reasons(self, sign_in, **typed: object) -> list[tuple[str, ...]]:
        with sign_in("u_front").reading() as ctx:
            found = patients.possible_duplicates(ctx, DuplicateDraft(**typed))
        return [one.reasons for one in found]

    @pytest.fixture
    def ines(self, make_named) -> UUID:
        make_named("Otto", "Hall", phone="087 444 0131", born=date(1990, 5, 5))
        return make_named(
            "Inês",
            "Carvalho-Lindqvist",
            phone="086 555 0142",
            born=BORN,
            email="ines.cl@example.org",
        )

    def test_same_name_and_birth_date(self, sign_in, ines) -> None:
        typed = {"given": "Ines", "family": "Carvalho Lindqvist", "born": BORN}
        assert self.reasons(sign_in, **typed) == [("same_name", "same_born")]

    def test_names_the_other_way_round(self, sign_in, ines) -> None:
        typed = {"given": "Carvalho Lindqvist", "family": "Ines"}
        assert self.reasons(sign_in, **typed) == [("same_name",)]

    @pytest.mark.parametrize(
        ("given", "family"),
        [("In\u200bês", "Carvalho-Lindqvist"), ("Іnês", "Саrvalho-Lindqvist"),
         ("1nes", "Carvalho-Lindqvist")],
    )  # fmt: skip
    def test_look_alikes(self, sign_in, ines, given: str, family: str) -> None:
        ((reason,),) = self.reasons(sign_in, given=given, family=family)
        assert reason in ("looks_alike", "same_name")

    def test_sounds_alike(self, sign_in, ines) -> None:
        typed = {"given": "Inez", "family": "Carvalio Lindkvist"}
        assert self.reasons(sign_in, **typed) == [("sounds_alike",)]

    def test_as_far_as_it_is_typed(self, sign_in, ines) -> None:
        assert self.reasons(sign_in, given="Inê", family="Car") == [("begins_alike",)]

    def test_phone_and_mail_alone(self, sign_in, ines) -> None:
        assert self.reasons(sign_in, phone="0865550142") == [("same_phone",)]
        assert self.reasons(sign_in, email="Ines.CL@example.org") == [("same_email",)]

    def test_another_birth_date_speaks_against(self, sign_in, ines) -> None:
        typed = {"given": "Inez", "family": "Carvalio", "born": date(2001, 1, 1)}
        assert self.reasons(sign_in, **typed) == []

    def test_day_and_month_turned_round(self, sign_in, ines) -> None:
        typed = {"given": "Ines", "family": "Carvalho", "born": date(1984, 3, 9)}
        assert self.reasons(sign_in, **typed) == [("sounds_alike", "turned_born")]

    def test_half_typed_things_find_nobody(self, sign_in, ines) -> None:
        for typed in ({}, {"given": "I"}, {"phone": "086"}, {"email": "ines"}, {"born": BORN}):
            assert self.reasons(sign_in, **typed) == []

    def test_oneself_is_no_duplicate(self, sign_in, ines) -> None:
        typed = {"id": ines, "given": "Inês", "family": "Carvalho-Lindqvist"}
        assert self.reasons(sign_in, **typed) == []


class TestDatabase:
    def test_the_number_given_is_among_the_words(self, sign_in, make_named) -> None:
        ines = make_named("Inês", "Carvalho")
        with sign_in("u_front").reading() as ctx:
            number, words = ctx.connection.execute(
                select(Patient.number, Patient.words).where(Patient.id == ines)
            ).one()
            kept = ctx.connection.execute(
                text("SELECT word FROM patient_word WHERE patient_id = :id"), {"id": ines}
            ).scalars()
            assert {number, number.lstrip("0")} <= set(words)
            assert set(kept) == set(words)
