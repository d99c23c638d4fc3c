"""Stars, those opened last, photos, consents, guardians, families and the day of death."""

from datetime import date, timedelta
from io import BytesIO

import psycopg
import pytest
from PIL import Image

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from clinic_desktop.services import patients
from clinic_desktop.services.patients import starring
from clinic_desktop.services.patients.list_schemas import Crop, NewConsent
from clinic_desktop.services.patients.schemas import PatientChange
from tests.files import pdf, picture


def star(who, patient, *, on=True) -> bool:
    with who.writing() as ctx:
        return patients.set_star(ctx, patient, on=on)


def top(who):
    with who.reading() as ctx:
        found = patients.beginning(ctx)
    return [row.given for row in found.starred], [row.given for row in found.recent]


def opened(who, patient, access="open"):
    with who.reading() as ctx:
        return patients.open_patient(ctx, patient, access=access)


class TestStars:
    def test_ones_own_in_the_order_of_names(self, sign_in, make) -> None:
        front, dentist = sign_in("u_front"), sign_in("u_dentist")
        zoe, ada = make.patient("Zoe", "Z"), make.patient("Ada", "A")
        assert star(front, zoe)
        assert star(front, ada)
        assert not star(front, ada)
        assert top(front)[0] == ["Ada", "Zoe"]
        assert top(dentist)[0] == []
        assert star(front, ada, on=False)
        assert not star(front, ada, on=False)
        assert star(front, ada)
        assert top(front)[0] == ["Ada", "Zoe"]

    def test_the_database_shows_and_takes_only_ones_own(self, database, sign_in, make) -> None:
        front, patient = sign_in("u_front"), make.patient()
        star(front, patient)
        with open_connection(database.person("u_dentist")) as connection:
            assert connection.execute("SELECT 1 FROM clinic.patient_star").fetchall() == []
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(
                    "INSERT INTO clinic.patient_star (clinic_id, id, person_id, patient_id)"
                    " VALUES (%s, gen_random_uuid(), %s, %s)",
                    (front.who.clinic_id, front.who.person_id, patient),
                )

    def test_fifty_at_most(self, signed_in, make, monkeypatch) -> None:
        monkeypatch.setattr(starring, "MOST", 2)
        first, second, third = (make.patient(f"P{n}") for n in range(3))
        star(signed_in, first)
        star(signed_in, second)
        with pytest.raises(ConflictError, match="2 patients are starred"):
            star(signed_in, third)

    def test_a_merge_leaves_one_star_and_gives_both_back(self, signed_in, make) -> None:
        one, other = make.patient("One", "A"), make.patient("Two", "B")
        for patient in (one, other):
            star(signed_in, patient)
        merge = new_id()
        with signed_in.writing() as ctx:
            patients.merge(ctx, id=merge, survivor_id=one, merged_id=other)
        assert top(signed_in)[0] == ["One"]
        with signed_in.writing() as ctx:
            patients.unmerge(ctx, merge)
        assert top(signed_in)[0] == ["One", "Two"]


class TestOpenedLast:
    def test_ones_own_latest_first_on_any_computer(self, sign_in, make) -> None:
        desk, chair = sign_in("u_front", device="pc-1"), sign_in("u_front", device="pc-2")
        ada, bea, cai = (make.patient(name, name[0]) for name in ("Ada", "Bea", "Cai"))
        opened(desk, ada)
        opened(chair, bea)
        opened(desk, cai)
        opened(desk, ada)
        # A look beside the list is no opening, nor is what somebody else opened.
        opened(desk, cai, access="peek")
        opened(sign_in("u_dentist"), bea)
        desk.close()
        assert top(sign_in("u_front"))[1] == ["Ada", "Cai", "Bea"]

    def test_six_and_a_merged_one_is_the_one_it_forwards_to(self, signed_in, make) -> None:
        people = [make.patient(f"P{n}", "X") for n in range(8)]
        for patient in people:
            opened(signed_in, patient)
        assert top(signed_in)[1] == ["P7", "P6", "P5", "P4", "P3", "P2"]
        with signed_in.writing() as ctx:
            patients.merge(ctx, id=new_id(), survivor_id=people[5], merged_id=people[7])
        assert top(signed_in)[1] == ["P5", "P6", "P4", "P3", "P2", "P1"]

    def test_found_by_its_index(self, database, signed_in, make) -> None:
        opened(signed_in, make.patient())
        with open_connection(database.superuser()) as connection:
            connection.execute("SET enable_seqscan = off")
            plan = connection.execute(
                "EXPLAIN SELECT a.patient_id FROM clinic.access_log a WHERE a.clinic_id = %s"
                " AND a.login = 'u_admin' AND a.action = 'open' AND a.patient_id IS NOT NULL"
                " ORDER BY a.id DESC LIMIT 60",
                (signed_in.who.clinic_id,),
            ).fetchall()
        text = "\n".join(row[0] for row in plan)
        assert "Index Scan Backward using ix_access_log_opened" in text
        assert "Sort" not in text


def photograph(who, patient, data=None, *, name="me.jpg", crop=None):
    photo = new_id()
    with who.writing() as ctx:
        before = patients.set_photo(
            ctx, patient, photo, data or picture(), name=name, crop=crop or Crop()
        )
    return photo, before


class TestPhotos:
    def test_a_square_of_it_small_and_whole(self, signed_in, make) -> None:
        patient = make.patient()
        photo, before = photograph(signed_in, patient, picture("PNG", (900, 600)), name="a.png")
        assert before is None
        assert opened(signed_in, patient).photo_id == photo
        with signed_in.reading() as ctx:
            whole, small = (patients.photo(ctx, photo, small=small) for small in (False, True))
        assert Image.open(BytesIO(whole)).size == (512, 512)
        assert Image.open(BytesIO(small)).size == (96, 96)
        assert len(small) < 10_000

    def test_the_square_is_the_one_chosen(self, signed_in, make) -> None:
        patient = make.patient()
        # From black at the left to bright at the right.
        wide = picture("PNG", (1000, 500), shade=250)
        left, _none = photograph(signed_in, patient, wide, crop=Crop(x=0.0, side=0.5))
        right, before = photograph(signed_in, patient, wide, crop=Crop(x=1.0, side=0.5))
        assert before == left
        shades = []
        with signed_in.reading() as ctx:
            for one in (left, right):
                image = Image.open(BytesIO(patients.photo(ctx, one, small=False))).convert("L")
                shades.append(image.resize((1, 1)).getpixel((0, 0)))
        assert shades[0] < 50 < 200 < shades[1]

    @pytest.mark.parametrize(
        ("data", "name", "words"),
        [
            (pdf(), "me.jpg", "."),
            (b"MZ\x90\0" + b"\0" * 500, "me.jpg", "."),
            (picture("PNG", (40, 400)), "me.png", "too small"),
            (picture()[:-200], "me.jpg", "."),
            (b"\0" * (21 * 1024 * 1024), "me.jpg", "20 MB"),
        ],
    )
    def test_what_is_refused_leaves_the_record_alone(
        self, signed_in, make, data, name, words
    ) -> None:
        patient = make.patient()
        with pytest.raises(InvalidError) as refused:
            photograph(signed_in, patient, data, name=name)
        assert words in str(refused.value)
        assert opened(signed_in, patient).photo_id is None

    def test_removed_and_shown_again(self, signed_in, make) -> None:
        patient = make.patient()
        photo, _before = photograph(signed_in, patient)
        with signed_in.writing() as ctx:
            assert patients.show_photo(ctx, patient, None) == photo
        assert opened(signed_in, patient).photo_id is None
        with signed_in.writing() as ctx:
            assert patients.show_photo(ctx, patient, photo) is None
        assert opened(signed_in, patient).photo_id == photo

    def test_nobody_is_shown_with_another_face(self, signed_in, make) -> None:
        photo, _before = photograph(signed_in, make.patient())
        other = make.patient("Other")
        with pytest.raises(NotFoundError), signed_in.writing() as ctx:
            patients.show_photo(ctx, other, photo)

    def test_a_merge_takes_the_only_picture_and_gives_it_back(self, signed_in, make) -> None:
        one, other = make.patient(), make.patient("Other")
        photo, _before = photograph(signed_in, other)
        merge = new_id()
        with signed_in.writing() as ctx:
            patients.merge(ctx, id=merge, survivor_id=one, merged_id=other)
        assert opened(signed_in, one).photo_id == photo
        with signed_in.writing() as ctx:
            patients.unmerge(ctx, merge)
        assert opened(signed_in, one).photo_id is None
        assert opened(signed_in, other).photo_id == photo

    def test_only_who_may_change_patients(self, sign_in, make) -> None:
        with pytest.raises(NotAllowedError):
            photograph(sign_in("u_compliance"), make.patient())

    def test_the_bytes_of_a_picture_never_change(self, database, signed_in, make) -> None:
        photograph(signed_in, make.patient())
        with (
            open_connection(database.person("u_front")) as connection,
            pytest.raises(psycopg.Error) as refused,
        ):
            connection.execute("UPDATE clinic.patient_photo SET content = thumbnail")
        assert refused.value.sqlstate in ("42501", "CD002")


class TestConsents:
    def say(self, who, patient, **values):
        new = NewConsent(
            **{"id": new_id(), "patient_id": patient, "channel": "sms", "purpose": "marketing",
               "answer": "given", **values}
        )  # fmt: skip
        with who.writing() as ctx:
            assert patients.record_consent(ctx, new)
            assert not patients.record_consent(ctx, new)

    def test_the_last_word_counts_and_unknown_is_no_yes(self, sign_in, make) -> None:
        front, patient = sign_in("u_front"), make.patient()

        def may(channel="sms", purpose="marketing"):
            with front.reading() as ctx:
                return patients.may_contact(ctx, patient, channel, purpose)

        assert not may()
        self.say(front, patient, how="form", said_on=date(2026, 1, 5), remark="in May only")
        assert may()
        assert not may("email")
        assert not may(purpose="reminders")
        self.say(sign_in("u_dentist"), patient, answer="refused", how="phone")
        assert not may()
        self.say(front, patient, answer="unknown")
        assert not may()
        with front.reading() as ctx:
            (last,) = patients.consents(ctx, patient)
            history = patients.consent_history(ctx, patient)
        assert (last.answer, last.by) == ("unknown", "Siobhán Keane")
        assert [(row.answer, row.how, row.by) for row in history] == [
            ("unknown", "spoken", "Siobhán Keane"),
            ("refused", "phone", "Dr Amara Nwosu"),
            ("given", "form", "Siobhán Keane"),
        ]
        assert (history[2].said_on, history[2].remark) == (date(2026, 1, 5), "in May only")

    def test_no_day_to_come(self, signed_in, make) -> None:
        with signed_in.reading() as ctx:
            tomorrow = ctx.now.astimezone(ctx.zone).date() + timedelta(days=1)
        with pytest.raises(InvalidError) as refused:
            self.say(signed_in, make.patient(), said_on=tomorrow)
        assert refused.value.field == "said_on"

    def test_what_was_said_is_never_edited(self, database, signed_in, make) -> None:
        self.say(signed_in, make.patient())
        with (
            open_connection(database.person("u_front")) as connection,
            pytest.raises(psycopg.Error) as refused,
        ):
            connection.execute("UPDATE clinic.patient_consent SET answer = 'given'")
        assert refused.value.sqlstate in ("42501", "CD002")


class TestFamilies:
    def test_joined_paid_for_and_left(self, signed_in, make) -> None:
        mother, child = make.patient("Ana", "Reis"), make.patient("Tom", "Reis")
        with signed_in.writing() as ctx:
            patients.join_family(ctx, child, mother)
            patients.join_family(ctx, child, mother)
            card = patients.open_patient(ctx, child)
            assert card.payer_id == mother
            assert [one.given for one in patients.overview(ctx, child).relatives] == ["Ana"]
            with pytest.raises(ConflictError, match="Ana pays for the family"):
                patients.leave_family(ctx, mother)
            assert patients.set_payer(ctx, child) == mother
            patients.leave_family(ctx, mother)
            assert patients.open_patient(ctx, mother).household_id is None
            assert patients.overview(ctx, child).relatives == ()
            patients.leave_family(ctx, child)
            assert patients.open_patient(ctx, child).household_id is None

    def test_one_family_at_a_time(self, signed_in, make) -> None:
        one, two, three, four = (make.patient(f"P{n}") for n in range(4))
        with signed_in.writing() as ctx:
            patients.join_family(ctx, two, one)
            patients.join_family(ctx, four, three)
            with pytest.raises(ConflictError, match="another family"):
                patients.join_family(ctx, two, three)
            with pytest.raises(ConflictError):
                patients.join_family(ctx, one, one)

    def test_guardians(self, signed_in, make) -> None:
        mother, child = make.patient("Ana"), make.patient("Tom")
        with signed_in.writing() as ctx:
            assert patients.set_guardian(ctx, child, mother) is None
            assert patients.open_patient(ctx, child).guardian == "Ana Carvalho"
            with pytest.raises(ConflictError, match="each other"):
                patients.set_guardian(ctx, mother, child)
            assert patients.set_guardian(ctx, child, None) == mother
        with pytest.raises(ConflictError, match="own guardian"), signed_in.writing() as ctx:
            patients.set_guardian(ctx, child, child)


class TestDeath:
    def change(self, who, patient, **values):
        with who.writing() as ctx:
            version = patients.open_patient(ctx, patient).version
            patients.change(ctx, PatientChange(id=patient, version=version, **values))

    def test_kept_with_the_status_and_gone_with_it(self, signed_in, make) -> None:
        patient = make.patient()
        self.change(signed_in, patient, status="deceased", deceased_on=date(2026, 1, 5))
        assert opened(signed_in, patient).deceased_on == date(2026, 1, 5)
        self.change(signed_in, patient, status="archived")
        assert opened(signed_in, patient).deceased_on == date(2026, 1, 5)
        self.change(signed_in, patient, status="active")
        assert opened(signed_in, patient).deceased_on is None

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"deceased_on": date(2026, 1, 5)}, "status Deceased"),
            ({"status": "deceased", "deceased_on": date(2199, 1, 5)}, "still to come"),
            ({"status": "deceased", "deceased_on": date(1984, 9, 2)}, "before the day of birth"),
        ],
    )
    def test_refused_at_its_field(self, signed_in, make, values, words) -> None:
        with pytest.raises(InvalidError, match=words) as refused:
            self.change(signed_in, make.patient(), **values)
        assert refused.value.field == "deceased_on"
