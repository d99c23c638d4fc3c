"""Settings, note templates: by keys, with the preview, what is refused, undo, two versions."""

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.services.notes import templates
from clinic_desktop.services.notes.schemas import TemplateValues
from clinic_desktop.services.treatments import service as treatments
from clinic_desktop.ui.clinic.services import ServicesSection
from clinic_desktop.ui.conflict import ConflictDialog
from clinic_desktop.ui.notes.templates_section import Column, TemplatesSection
from tests.ui.clinic.test_sections import editor, open_section
from tests.ui.stage import drafts_store, stage

__all__ = ["drafts_store", "open_section", "stage"]


def stored(signed_in):
    with signed_in.reading() as ctx:
        return {row.name: row for row in templates.templates(ctx, inactive=True)}


def names(section) -> list[str]:
    return [section.model.row(place).name for place in range(section.model.rowCount())]


class TestSection:
    def test_the_usual_ones_are_there(self, open_section) -> None:
        _one, section = open_section(TemplatesSection)
        assert len(names(section)) == 12
        assert "Filling" in names(section)

    def test_a_new_one_by_keys_with_its_preview(self, open_section, signed_in) -> None:
        one, section = open_section(TemplatesSection)
        section.table.setFocus()
        one.key(Qt.Key.Key_N)
        one.type("Bite splint")
        one.into(section.body, "{tooth}: {procedure}. Fit {? fit: good / tight}")
        assert section.preview.text().startswith("36: Composite filling. Fit")
        assert section.left_open.text() == "Stays open for the author: fit."
        one.primary()
        one.settle()
        assert one.said == "Saved."
        assert stored(signed_in)["Bite splint"].body.endswith("tight}")

    def test_a_place_that_nobody_knows_is_named_at_the_text(self, open_section, signed_in) -> None:
        one, section = open_section(TemplatesSection)
        section.begin_new()
        one.type("Odd")
        one.into(section.body, "{tooht} filled")
        one.primary()
        one.settle()
        said = "{tooht} is not known. Did you mean {tooth}?"
        assert section.form.fields["body"].sentence() == said
        assert section.body.hasFocus()
        assert "Odd" not in stored(signed_in)

    def test_a_place_is_inserted_by_keys(self, open_section) -> None:
        one, section = open_section(TemplatesSection)
        section.begin_new()
        one.into(section.body, "On ")
        one.key(Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
        one.qtbot.waitUntil(section.dialog.line.hasFocus)
        one.type("surf")
        one.key(Qt.Key.Key_Return)
        assert section.body.text() == "On {surfaces}"

    def test_a_chosen_one_is_previewed_and_tab_leaves_its_text(self, open_section) -> None:
        one, section = open_section(TemplatesSection)
        section.table.setFocus()
        assert section.preview.text().startswith("Composite filling, 3 Sep 2026.")
        section.body.setFocus()
        one.key(Qt.Key.Key_Tab)
        assert not section.body.hasFocus()
        assert section.body.place_selected() is None

    def test_found_by_its_words(self, open_section) -> None:
        one, section = open_section(TemplatesSection)
        section.search.setText("insertion torque")
        one.qtbot.waitUntil(lambda: names(section) == ["Implant placement"])

    def test_put_away_and_undone(self, open_section, signed_in) -> None:
        one, section = open_section(TemplatesSection)
        section.table.setFocus()
        name = section.record().name
        one.key(Qt.Key.Key_Delete)
        one.settle()
        assert not stored(signed_in)[name].active
        assert one.said == f"{name} is put away."
        one.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        one.settle()
        assert stored(signed_in)[name].active

    def test_a_name_that_is_taken(self, open_section) -> None:
        one, section = open_section(TemplatesSection)
        section.begin_new()
        one.type("Filling")
        one.into(section.body, "x")
        one.primary()
        one.settle()
        assert section.form.fields["name"].sentence() == "The name Filling is taken."

    def test_two_people_change_one(self, open_section, signed_in, sign_in) -> None:
        one, section = open_section(TemplatesSection)
        section.table.setFocus()
        row = section.record()
        one.into(section.body, "mine")
        with sign_in("u_admin").writing() as ctx:
            theirs = TemplateValues(name=row.name, body="theirs")
            templates.change_template(ctx, row.id, row.version, theirs)
        one.primary()
        one.settle()
        dialog = section.findChild(ConflictDialog)
        assert dialog is not None
        dialog.reject()

    def test_a_service_names_its_template(self, open_section, signed_in, make) -> None:
        make.treatment("RST-020", "Composite filling")
        one, section = open_section(ServicesSection)
        choice = editor(section, "note_template_id")
        choice.setCurrentIndex(choice.findText("Filling"))
        choice.activated.emit(choice.currentIndex())
        one.primary()
        one.settle()
        with signed_in.reading() as ctx:
            (row,) = treatments.price_list(ctx)
        assert row.note_template_id == stored(signed_in)["Filling"].id
        other, templates_section = open_section(TemplatesSection)
        place = names(templates_section).index("Filling")
        assert other.texts(templates_section.table, Column.USED)[place] == "1"


@pytest.mark.parametrize("words", ["", "🦷 {tooth}", "{" * 50])
def test_any_text_is_previewed(open_section, words) -> None:
    _one, section = open_section(TemplatesSection)
    section.body.setText(words)
    assert section.preview.text()
