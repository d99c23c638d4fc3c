"""The clinic's tags: listed, put on patients, renamed, merged, removed and brought back."""

import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    StaleError,
)
from clinic_desktop.services import patients
from clinic_desktop.services.patients import tagging as service
from clinic_desktop.services.patients.list_schemas import ListFilter, TagValues
from clinic_desktop.services.patients.schemas import PatientChange


@pytest.fixture
def make_tag(signed_in):
    def make(name="Anxious", **values):
        tag_id = new_id()
        with signed_in.writing() as ctx:
            patients.add_tag(ctx, tag_id, TagValues(name=name, **values))
        return tag_id

    return make


def put(signed_in, patient, tag, *, on=True) -> bool:
    with signed_in.writing() as ctx:
        return patients.set_tag(ctx, patient, tag, on=on)


def carried(signed_in, patient):
    with signed_in.reading() as ctx:
        return patients.open_patient(ctx, patient).tags


class TestList:
    def test_in_the_order_of_names_with_a_letter_each(self, signed_in, make_tag) -> None:
        make_tag("VIP", colour="accent")
        make_tag("anxious", letter="Nv")
        make_tag("¡Ópera!")
        with signed_in.reading() as ctx:
            found = [(t.name, t.letter, t.colour) for t in patients.tags(ctx)]
        assert found == [
            ("anxious", "Nv", "plain"),
            ("VIP", "V", "accent"),
            ("¡Ópera!", "Ó", "plain"),
        ]

    def test_one_name_once(self, signed_in, make_tag) -> None:
        first, other = make_tag("Éclair"), make_tag("Other")
        for name in ("Éclair", "éclair"):
            with (
                pytest.raises(InvalidError, match="of this name") as refused,
                signed_in.writing() as ctx,
            ):
                patients.add_tag(ctx, new_id(), TagValues(name=name))
            assert refused.value.field == "name"
        with pytest.raises(InvalidError, match="of this name"), signed_in.writing() as ctx:
            patients.change_tag(ctx, other, 1, TagValues(name="ÉCLAIR"))
        with signed_in.writing() as ctx:
            assert patients.change_tag(ctx, first, 1, TagValues(name="éclair")) == 2

    @pytest.mark.parametrize(
        ("values", "field"), [({"name": "x" * 41}, "name"), ({"letter": "ABC"}, "letter")]
    )
    def test_what_does_not_fit_is_named(self, signed_in, values, field) -> None:
        with pytest.raises(InvalidError) as refused, signed_in.writing() as ctx:
            patients.add_tag(ctx, new_id(), TagValues(**{"name": "Tag", **values}))
        assert refused.value.field == field

    def test_only_settings_change_it(self, sign_in) -> None:
        with pytest.raises(NotAllowedError), sign_in("u_front").writing() as ctx:
            patients.add_tag(ctx, new_id(), TagValues(name="Mine"))

    def test_the_database_refuses_a_tag_without_the_right(self, database, signed_in) -> None:
        with (
            open_connection(database.person("u_front")) as connection,
            pytest.raises(Exception, match="row-level security"),
        ):
            connection.execute(
                "INSERT INTO clinic.patient_tag (clinic_id, id, name, letter, colour)"
                " VALUES (%s, gen_random_uuid(), 'Mine', 'M', 'plain')",
                (signed_in.who.clinic_id,),
            )


class TestOnPatients:
    def test_on_and_off_and_the_same_twice(self, signed_in, make, make_tag) -> None:
        patient, tag = make.patient(), make_tag()
        assert put(signed_in, patient, tag)
        assert not put(signed_in, patient, tag)
        assert carried(signed_in, patient) == (tag,)
        assert put(signed_in, patient, tag, on=False)
        assert not put(signed_in, patient, tag, on=False)
        assert carried(signed_in, patient) == ()

    def test_a_line_of_the_list_shows_them(self, signed_in, make, make_tag) -> None:
        patient, tag = make.patient(), make_tag()
        put(signed_in, patient, tag)
        with signed_in.reading() as ctx:
            assert [row.tags for row in patients.list_page(ctx)] == [(tag,)]
            assert [row.tags for row in patients.find(ctx, "carv")] == [(tag,)]

    def test_twenty_four_and_no_more_but_those_out_of_use_do_not_count(
        self, signed_in, make, make_tag
    ) -> None:
        patient = make.patient()
        made = [make_tag(f"Tag {n}") for n in range(service.MOST)]
        for tag in made:
            put(signed_in, patient, tag)
        last = make_tag("One more")
        with pytest.raises(ConflictError, match="24 tags at most"):
            put(signed_in, patient, last)
        with signed_in.writing() as ctx:
            patients.remove_tag(ctx, made[0], 1)
        assert put(signed_in, patient, last)

    def test_a_tag_of_nowhere_is_refused_by_the_database(self, database, signed_in, make) -> None:
        patient = make.patient()
        with pytest.raises(NotFoundError):
            put(signed_in, patient, new_id())
        with (
            open_connection(database.person("u_front")) as connection,
            pytest.raises(Exception, match="a tag of another clinic"),
        ):
            connection.execute(
                "UPDATE clinic.patient SET tags = ARRAY[gen_random_uuid()], version = version + 1"
                " WHERE id = %s",
                (patient,),
            )

    def test_an_edit_that_is_open_is_told_and_its_fields_stay(
        self, signed_in, make, make_tag
    ) -> None:
        patient, tag = make.patient(), make_tag()
        with signed_in.reading() as ctx:
            version = patients.open_patient(ctx, patient).version
        put(signed_in, patient, tag)
        with pytest.raises(StaleError), signed_in.writing() as ctx:
            patients.change(ctx, PatientChange(id=patient, version=version, city="Cork"))
        assert carried(signed_in, patient) == (tag,)


class TestKeys:
    """The rows that lists walk along are those of the records, whatever happens to them."""

    def keys(self, database) -> set[tuple[str, str, str]]:
        with open_connection(database.superuser()) as connection:
            return set(
                connection.execute(
                    "SELECT key, sort_key, patient_id::text FROM clinic.patient_key"
                ).fetchall()
            )

    def wanted(self, database) -> set[tuple[str, str, str]]:
        with open_connection(database.superuser()) as connection:
            return set(
                connection.execute(
                    "SELECT k.key, p.sort_key, p.id::text FROM clinic.patient p,"
                    " clinic.list_keys(p.tags, p.born) AS k(key) WHERE p.deleted_at IS NULL"
                ).fetchall()
            )

    def test_follow_tags_births_names_and_merges(self, database, signed_in, make, make_tag) -> None:
        one, other, tag, second = make.patient(), make.patient("Eve"), make_tag(), make_tag("Two")
        for patient in (one, other):
            put(signed_in, patient, tag)
        put(signed_in, other, second)
        assert len(self.keys(database)) == 5
        with signed_in.writing() as ctx:
            card = patients.open_patient(ctx, one)
            born = card.born.replace(month=2, day=11)
            patients.change(
                ctx, PatientChange(id=one, version=card.version, given="Zoe", born=born)
            )
        assert self.keys(database) == self.wanted(database)
        merge = new_id()
        with signed_in.writing() as ctx:
            patients.merge(ctx, id=merge, survivor_id=one, merged_id=other)
        assert self.keys(database) == self.wanted(database)
        assert set(carried(signed_in, one)) == {tag, second}
        with signed_in.writing() as ctx:
            patients.unmerge(ctx, merge)
        assert self.keys(database) == self.wanted(database)
        assert carried(signed_in, one) == (tag,)
        assert set(carried(signed_in, other)) == {tag, second}


class TestMergingTags:
    def test_everybody_gets_the_other_once(self, signed_in, make, make_tag, monkeypatch) -> None:
        monkeypatch.setattr(service, "MERGED_AT_ONCE", 2)
        tag, into = make_tag("Nervous"), make_tag("Anxious")
        people = [make.patient(f"P{n}") for n in range(5)]
        for patient in people:
            put(signed_in, patient, tag)
        put(signed_in, people[0], into)
        counts = []
        while not counts or counts[-1]:
            with signed_in.writing() as ctx:
                counts.append(patients.merge_tags(ctx, tag, into))
        assert counts == [2, 2, 1, 0]
        assert all(carried(signed_in, patient) == (into,) for patient in people)
        with signed_in.reading() as ctx:
            used = [(use.name, use.patients, use.active) for use in patients.tags_in_use(ctx)]
        assert used == [("Anxious", 5, True), ("Nervous", 0, False)]

    def test_not_with_itself_nor_with_one_that_is_gone(self, signed_in, make_tag) -> None:
        tag, gone = make_tag(), make_tag("Gone")
        with signed_in.writing() as ctx:
            patients.remove_tag(ctx, gone, 1)
        with pytest.raises(InvalidError, match="same tag"), signed_in.writing() as ctx:
            patients.merge_tags(ctx, tag, tag)
        with pytest.raises(NotFoundError), signed_in.writing() as ctx:
            patients.merge_tags(ctx, tag, gone)


class TestRemoving:
    def test_brought_back_with_everybody_who_carried_it(self, signed_in, make, make_tag) -> None:
        patient, tag = make.patient(), make_tag()
        put(signed_in, patient, tag)
        with signed_in.writing() as ctx:
            version = patients.remove_tag(ctx, tag, 1)
        with signed_in.reading() as ctx:
            assert patients.tags(ctx) == ()
        with signed_in.writing() as ctx:
            patients.restore_tag(ctx, tag, version)
            found = patients.matching(ctx, ListFilter(tag=tag))
        assert [row.id for row in found.rows] == [patient]

    def test_not_beside_a_newer_one_of_its_name(self, signed_in, make_tag) -> None:
        tag = make_tag("VIP")
        with signed_in.writing() as ctx:
            version = patients.remove_tag(ctx, tag, 1)
        make_tag("VIP")
        with pytest.raises(InvalidError, match="of this name"), signed_in.writing() as ctx:
            patients.restore_tag(ctx, tag, version)
