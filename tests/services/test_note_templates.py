"""Templates of the clinic, the note that completing opens, and what taking back leaves of it."""

import pytest
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError, StaleError
from clinic_desktop.models import AppointmentTreatment, NoteTemplate
from clinic_desktop.services.chart import service as chart
from clinic_desktop.services.chart.complete import complete_visit
from clinic_desktop.services.chart.schemas import Completion, NewChartItem, Uncompletion
from clinic_desktop.services.chart.uncomplete import uncomplete
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes import templates
from clinic_desktop.services.notes.schemas import Left, NoteText, TemplateValues

BODY = "{tooth} {surfaces}: {procedure}.\nAnaesthetic: {? anaesthetic}"


@pytest.fixture
def chair(signed_in, sign_in, make):
    """A patient in the chair of a dentist; fillings have a template, crowns have none."""

    class Chair:
        dentist = sign_in("u_dentist")
        patient = make.patient()
        provider = make.provider(login="u_dentist")
        template = make.row(NoteTemplate, name="Composite", body=BODY)
        filling = make.treatment("RST-020", "Composite filling", note_template_id=template)
        crown = make.treatment("RST-070", "Crown, ceramic", area="tooth")
        appointment = make.appointment(patient, provider)

        def plan(self, tooth=36, surfaces="MOD", treatment_id=None, detail=""):
            item = NewChartItem(
                id=new_id(),
                kind="procedure",
                code="RST-020",
                tooth=tooth,
                surfaces=surfaces,
                detail=detail,
                status="planned",
                treatment_id=treatment_id or self.filling,
                provider_id=self.provider,
            )
            with self.dentist.writing() as ctx:
                chart.add(ctx, self.patient, [item])
            return item.id

        def complete(self, *items, act=None, who=None, **more):
            with (who or self.dentist).writing() as ctx:
                return complete_visit(
                    ctx,
                    Completion(
                        act=act or new_id(), patient_id=self.patient, item_ids=items, **more
                    ),
                )

        def take_back(self, item, who=None):
            asked = Uncompletion(
                act=new_id(), patient_id=self.patient, item_id=item, reason="wrong patient"
            )
            with (who or self.dentist).writing() as ctx:
                return uncomplete(ctx, asked).note

        def notes(self):
            with self.dentist.reading() as ctx:
                return notes.notes_of(ctx, self.patient)

        def write(self, note_id, body, after=1):
            typed = NoteText(
                id=note_id, version_id=new_id(), patient_id=self.patient, body=body, after=after
            )
            with self.dentist.writing() as ctx:
                notes.write(ctx, typed)

    made = Chair()
    made.dentist.refresh_who()
    return made


class TestTemplates:
    def test_kept_changed_and_put_away(self, sign_in) -> None:
        manager, one = sign_in("u_admin"), new_id()
        with manager.writing() as ctx:
            templates.add_template(ctx, one, TemplateValues(name=" Veneer ", body=BODY))
        with manager.writing() as ctx:
            again = TemplateValues(name="Veneer", body="{tooth}: veneer.", active=False)
            assert templates.change_template(ctx, one, 1, again) == 2
            assert one not in {row.id for row in templates.templates(ctx)}
            found = next(row for row in templates.templates(ctx, inactive=True) if row.id == one)
        assert (found.name, found.body, found.active) == ("Veneer", "{tooth}: veneer.", False)

    @pytest.mark.parametrize("body", ["{tooht}", "{", "", " \n "])
    def test_what_nobody_can_fill_is_refused_at_the_text(self, sign_in, body) -> None:
        manager = sign_in("u_admin")
        with manager.writing() as ctx, pytest.raises(InvalidError) as refused:
            templates.add_template(ctx, new_id(), TemplateValues(name="X", body=body))
        assert refused.value.field == "body"

    def test_a_name_is_there_once(self, sign_in, make) -> None:
        make.row(NoteTemplate, name="Composite", body=BODY)
        with (
            pytest.raises(ConflictError, match="taken") as refused,
            sign_in("u_admin").writing() as ctx,
        ):
            templates.add_template(ctx, new_id(), TemplateValues(name="Composite", body=BODY))
        assert refused.value.field == "name"

    def test_somebody_saved_first(self, sign_in, make) -> None:
        one = make.row(NoteTemplate, name="Composite", body=BODY)
        values = TemplateValues(name="Composite", body="{tooth}")
        with sign_in("u_admin").writing() as ctx:
            templates.change_template(ctx, one, 1, values)
        with pytest.raises(StaleError), sign_in("u_admin").writing() as ctx:
            templates.change_template(ctx, one, 1, values)

    def test_a_dentist_reads_them_and_changes_none(self, sign_in, make) -> None:
        one = make.row(NoteTemplate, name="Composite", body=BODY)
        with sign_in("u_dentist").reading() as ctx:
            assert one in {row.id for row in templates.templates(ctx)}
        with pytest.raises(NotAllowedError), sign_in("u_dentist").writing() as ctx:
            templates.change_template(ctx, one, 1, TemplateValues(name="Mine", body=BODY))

    def test_a_new_clinic_begins_with_the_usual_ones(self, sign_in) -> None:
        with sign_in("u_dentist").reading() as ctx:
            names = {row.name for row in templates.templates(ctx)}
        assert {"Filling", "Extraction", "Hygiene"} <= names


class TestOpened:
    def test_one_draft_with_a_part_for_each_piece_of_work(self, chair) -> None:
        items = (
            chair.plan(),
            chair.plan(16, "MO"),
            chair.plan(17, "", treatment_id=chair.crown),
        )
        done = chair.complete(*items, appointment_id=chair.appointment)
        (note,) = chair.notes()
        assert (note.id, note.status, note.number) == (done.note_id, "draft", 1)
        assert (note.author, note.appointment_id) == ("Dr Amara Nwosu", chair.appointment)
        assert note.body == (
            "36 MOD: Composite filling.\nAnaesthetic: {? anaesthetic}\n\n"
            "16 MO: Composite filling.\nAnaesthetic: {? anaesthetic}\n\n"
            "17 Crown, ceramic."
        )

    def test_everything_a_place_can_say(self, chair, signed_in) -> None:
        body = "{patient}|{age}|{provider}|{code}|{date}|{time}|{material}"
        with signed_in.writing() as ctx:
            templates.change_template(ctx, chair.template, 1, TemplateValues(name="C", body=body))
        chair.complete(chair.plan())
        told = chair.notes()[0].body.split("|")
        assert told[0] == "Inês Carvalho"
        assert told[1].endswith(" y")
        assert told[2:4] == ["Dr Amara Nwosu", "RST-020"]
        assert all(word and "{" not in word for word in told[4:6])
        assert told[6] == "{material}", "what nobody charted stays open"

    def test_a_template_put_away_is_used_no_longer(self, chair, signed_in) -> None:
        with signed_in.writing() as ctx:
            values = TemplateValues(name="Composite", body=BODY, active=False)
            templates.change_template(ctx, chair.template, 1, values)
        chair.complete(chair.plan())
        assert chair.notes()[0].body == "36 MOD Composite filling."

    def test_work_over_many_teeth_is_told_once(self, chair, make) -> None:
        body = "Denture on {tooth}: {procedure}."
        template = make.row(NoteTemplate, name="Denture", body=body)
        denture = make.treatment("PRS-020", "Partial denture", area="arch",
                                 note_template_id=template)  # fmt: skip
        chair.complete(*(chair.plan(tooth, "", treatment_id=denture) for tooth in (14, 15, 16)))
        assert chair.notes()[0].body == "Denture on 14, 15, 16: Partial denture."

    def test_booked_work_on_no_tooth(self, chair, make) -> None:
        hygiene = make.treatment("PRV-010", "Prophylaxis", area="mouth")
        booked = make.row(
            AppointmentTreatment, appointment_id=chair.appointment, treatment_id=hygiene
        )
        chair.complete(booked_ids=(booked,), appointment_id=chair.appointment)
        assert chair.notes()[0].body == "Prophylaxis."

    def test_enter_pressed_twice_opens_one(self, chair) -> None:
        item, act = chair.plan(), new_id()
        first = chair.complete(item, act=act)
        again = chair.complete(item, act=act)
        assert again.already
        assert again.note_id == first.note_id == act
        assert len(chair.notes()) == 1

    def test_a_power_cut_leaves_neither_work_nor_note(self, chair) -> None:
        item = chair.plan()

        def power_cut() -> None:
            with chair.dentist.writing() as ctx:
                wanted = Completion(act=new_id(), patient_id=chair.patient, item_ids=(item,))
                assert complete_visit(ctx, wanted).note_id is not None
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            power_cut()
        assert chair.notes() == ()

    def test_it_is_signed_as_it_is_and_then_locked(self, chair) -> None:
        note = chair.complete(chair.plan()).note_id
        with chair.dentist.writing() as ctx:
            notes.sign_last(ctx, note, 1)
        assert chair.notes()[0].status == "signed"
        with pytest.raises(ConflictError, match="signed"):
            chair.write(note, "later")


class TestTakenBack:
    def test_an_untouched_draft_goes(self, chair) -> None:
        done = chair.complete(chair.plan())
        assert chair.take_back(done.item_ids[0]) is Left.TAKEN
        assert chair.notes() == ()

    def test_of_several_the_others_stay_told(self, chair) -> None:
        done = chair.complete(chair.plan(), chair.plan(16, "MO"), chair.plan(26, "O"))
        assert chair.take_back(done.item_ids[1]) is Left.SHORTENED
        (note,) = chair.notes()
        assert note.number == 2
        assert [part[:2] for part in note.body.split("\n\n")] == ["36", "26"]
        assert chair.take_back(done.item_ids[0]) is Left.SHORTENED
        assert chair.take_back(done.item_ids[2]) is Left.TAKEN

    def test_an_edited_one_stays(self, chair) -> None:
        done = chair.complete(chair.plan())
        chair.write(done.note_id, "Anaesthetic: none")
        assert chair.take_back(done.item_ids[0]) is Left.EDITED
        assert chair.notes()[0].body == "Anaesthetic: none"

    def test_a_signed_one_stays(self, chair) -> None:
        done = chair.complete(chair.plan())
        with chair.dentist.writing() as ctx:
            notes.sign_last(ctx, done.note_id, 1)
        assert chair.take_back(done.item_ids[0]) is Left.SIGNED
        assert chair.notes()[0].status == "signed"

    def test_another_person_takes_a_whole_one_but_writes_in_none(self, chair, sign_in) -> None:
        other = sign_in("u_dentist2")
        done = chair.complete(chair.plan(), chair.plan(16, "MO"))
        assert chair.take_back(done.item_ids[0], other) is Left.OTHERS
        assert "36 MOD" in chair.notes()[0].body
        alone = chair.complete(chair.plan(26, "O"))
        assert chair.take_back(alone.item_ids[0], other) is Left.TAKEN

    def test_what_its_author_was_typing_meanwhile_comes_back(self, chair) -> None:
        done = chair.complete(chair.plan())
        assert chair.take_back(done.item_ids[0]) is Left.TAKEN
        chair.write(done.note_id, "What I was typing")
        assert [note.body for note in chair.notes()] == ["What I was typing"]

    def test_a_note_that_a_person_began_is_never_taken(self, chair, signed_in) -> None:
        done = chair.complete(chair.plan())
        with signed_in.reading() as ctx:
            before = ctx.connection.execute(
                text("SELECT filled FROM note WHERE id = :n"), {"n": done.note_id}
            ).scalar_one()
        chair.write(new_id(), "Mine", after=0)
        assert before == 1
        assert chair.take_back(done.item_ids[0]) is Left.TAKEN
        assert [note.body for note in chair.notes()] == ["Mine"]
