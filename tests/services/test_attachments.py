"""Images and documents of a patient: stored once, checked on reading, removed and brought back."""

import hashlib
import os
import tracemalloc
from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import text

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import (
    InvalidError,
    NotAllowedError,
    NotFoundError,
    SetupError,
    StaleError,
)
from clinic_desktop.models.document import PIECE
from clinic_desktop.services.documents import attachments, files, marks
from clinic_desktop.services.documents.schemas import About, NewAttachment, NewMark
from tests import files as made


@pytest.fixture
def attach(tmp_path):
    """``attach(signed_in, patient, data, "a.jpg")`` through a file on the disk."""

    def one(signed_in, patient, data, name="a.jpg", attachment_id=None, about=None):
        path = tmp_path / name
        path.write_bytes(data)
        new = NewAttachment(id=attachment_id or new_id(), patient_id=patient, about=about)
        with signed_in.writing() as ctx:
            return attachments.attach(ctx, new, path)

    return one


def bmp(size: tuple[int, int]) -> bytes:
    return made.picture("BMP", size)


class TestAttach:
    def test_round_trip(self, sign_in, make, attach) -> None:
        front, patient = sign_in("u_front"), make.patient()
        data = made.picture()
        attached = attach(front, patient, data, "Bitewing_right.jpg")
        assert not attached.already
        with front.reading() as ctx:
            (row,) = attachments.attachments(ctx, patient)
            assert (row.kind, row.title, row.name) == (
                "photo", "Bitewing right", "Bitewing_right.jpg",
            )  # fmt: skip
            assert (row.media_type, row.size, row.width) == ("image/jpeg", len(data), 400)
            assert row.added_by == "Siobhán Keane"
            assert attachments.content(ctx, patient, attached.id) == data
            small = attachments.thumbnails(ctx, patient)[row.file_id]
        assert small.startswith(b"\xff\xd8")

    @pytest.mark.parametrize(
        ("modality", "kind"), [("IO", "intraoral"), ("PX", "panoramic"), ("DX", "other")]
    )
    def test_x_rays_of_each_modality(self, sign_in, make, attach, modality, kind) -> None:
        front, patient = sign_in("u_front"), make.patient()
        data = made.dicom(Modality=modality, PatientName="", PatientID="")
        attached = attach(front, patient, data, "x.dcm")
        with front.reading() as ctx:
            (row,) = attachments.attachments(ctx, patient)
            assert (row.kind, row.media_type) == (kind, "application/dicom")
            assert attachments.thumbnails(ctx, patient)[row.file_id].startswith(b"\xff\xd8")
            assert attachments.content(ctx, patient, attached.id) == data

    def test_several_pieces(self, sign_in, make, attach) -> None:
        front, patient = sign_in("u_front"), make.patient()
        data = bmp((1100, 900))
        assert len(data) > 2 * PIECE
        attached = attach(front, patient, data, "a.bmp")
        with front.reading() as ctx:
            assert [len(p) for p in files.pieces(ctx, patient, attached.id)][:2] == [PIECE, PIECE]
            copy = BytesIO()
            attachments.save_copy(ctx, patient, attached.id, copy)
        assert copy.getvalue() == data

    def test_the_same_act_twice_and_the_same_file_twice(self, sign_in, make, attach) -> None:
        front, patient, other = sign_in("u_front"), make.patient(), make.patient(given="Other")
        first = attach(front, patient, made.picture(), attachment_id=new_id())
        again = attach(front, patient, made.picture(), attachment_id=first.id)
        assert (again.id, again.already) == (first.id, False)
        twice = attach(front, patient, made.picture(), "b.jpg")
        assert (twice.id, twice.already) == (first.id, True)
        attach(front, other, made.picture())
        with front.reading() as ctx:
            assert ctx.connection.execute(text("SELECT count(*) FROM file_piece")).scalar() == 1
            assert len(attachments.attachments(ctx, patient)) == 1
            assert len(attachments.attachments(ctx, other)) == 1

    def test_x_ray(self, sign_in, make, attach) -> None:
        front = sign_in("u_front")
        patient = make.patient("Inês", "Carvalho", born=date(1984, 9, 3))
        said = attach(front, patient, made.dicom(PatientID=""), "1.2.840.5")
        assert said.differs == ()
        other = attach(front, patient, made.dicom(PatientName="Park^Jin", PatientID="99"), "2.dcm")
        assert other.differs == ("the name Park Jin", "the number 99")
        with front.reading() as ctx:
            rows = attachments.attachments(ctx, patient)
        assert {(r.kind, r.title, r.taken_on) for r in rows} == {
            ("intraoral", "Intraoral X-ray", date(2026, 3, 10))
        }

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("x.jpg", b"MZ\x90\0" + b"\0" * 500),
            ("x.svg", b"<svg/>"),
            ("x.jpg", made.picture()[:-300]),
            ("x.pdf", made.pdf()[:-300]),
            ("x.dcm", made.dicom()[:-800]),
            ("x.zip", b"PK\x03\x04" + b"\0" * 100),
            ("x.png", made.png_saying(60_000, 60_000)),
            ("x.jpg", b""),
        ],
    )
    def test_refused_leaves_nothing(self, sign_in, make, attach, name, data) -> None:
        front, patient = sign_in("u_front"), make.patient()
        with pytest.raises(InvalidError):
            attach(front, patient, data, name)
        with front.reading() as ctx:
            assert attachments.attachments(ctx, patient) == ()
            assert ctx.connection.execute(text("SELECT count(*) FROM file_piece")).scalar() == 0

    def test_two_gigabytes_are_refused_unread(self, sign_in, make, tmp_path) -> None:
        path = tmp_path / "film.jpg"
        with path.open("wb") as sparse:
            sparse.truncate(2 * 1024**3)
        new = NewAttachment(id=new_id(), patient_id=make.patient())
        tracemalloc.start()
        with pytest.raises(InvalidError, match="2048 MB"), sign_in("u_front").writing() as ctx:
            attachments.attach(ctx, new, path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 4 * PIECE

    @pytest.mark.parametrize("kind", ["folder", "nothing", "pipe"])
    def test_what_is_no_file(self, sign_in, make, tmp_path, kind) -> None:
        path = tmp_path / "x.jpg"
        if kind == "folder":
            path.mkdir()
        if kind == "pipe":
            os.mkfifo(path)
        new = NewAttachment(id=new_id(), patient_id=make.patient())
        with pytest.raises(InvalidError, match="not a file"), sign_in("u_front").writing() as ctx:
            attachments.attach(ctx, new, path)

    def test_a_file_that_changes_while_it_is_read(self, sign_in, make) -> None:
        front = sign_in("u_front")

        class Growing(BytesIO):
            """Grows by a byte each time that it is read from its start."""

            def seek(self, offset: int, whence: int = 0) -> int:
                if (offset, whence) == (0, 0):
                    at_end = super().seek(0, 2)
                    self.write(b"\0")
                    assert self.tell() == at_end + 1
                return super().seek(offset, whence)

        source = Growing(made.picture())
        new = NewAttachment(id=new_id(), patient_id=make.patient())
        with (
            pytest.raises(InvalidError, match="changed while it was read"),
            front.writing() as ctx,
        ):
            attachments._attach(ctx, new, source, "a.jpg")
        with front.reading() as ctx:
            assert ctx.connection.execute(text("SELECT count(*) FROM file_piece")).scalar() == 0

    def test_names_lose_their_paths(self, sign_in, make) -> None:
        front, patient = sign_in("u_front"), make.patient()
        new = NewAttachment(id=new_id(), patient_id=patient)
        with front.writing() as ctx:
            attachments.attach_bytes(ctx, new, made.picture(), "../../a\u202egpj.jpg")
            (row,) = attachments.attachments(ctx, patient)
        assert row.name == "agpj.jpg"


class TestReading:
    def test_is_written_to_the_access_log(self, signed_in, sign_in, make, attach) -> None:
        front, patient = sign_in("u_front"), make.patient()
        attached = attach(front, patient, bmp((1100, 900)), "a.bmp")
        with front.reading() as ctx:
            attachments.thumbnails(ctx, patient)
            attachments.content(ctx, patient, attached.id)
        with signed_in.reading() as ctx:
            found = ctx.connection.execute(
                text("SELECT login, category FROM access_log WHERE patient_id = :patient"),
                {"patient": patient},
            ).all()
        assert ("u_front", "stored_file") in map(tuple, found)
        assert [row.category for row in found].count("file_piece") == 1

    def test_another_patients(self, sign_in, make, attach) -> None:
        front = sign_in("u_front")
        attached = attach(front, make.patient(), made.picture())
        with pytest.raises(NotFoundError), front.reading() as ctx:
            attachments.content(ctx, make.patient(given="Other"), attached.id)

    def test_without_the_right(self, sign_in, make, attach) -> None:
        patient = make.patient()
        attached = attach(sign_in("u_front"), patient, made.picture())
        for act in (
            lambda ctx: attachments.attachments(ctx, patient),
            lambda ctx: attachments.thumbnails(ctx, patient),
            lambda ctx: attachments.content(ctx, patient, attached.id),
            lambda ctx: attachments.remove(ctx, attached.id, 1),
            lambda ctx: marks.marks(ctx, attached.id),
        ):
            with pytest.raises(NotAllowedError), sign_in("u_compliance").reading() as ctx:
                act(ctx)

    @pytest.mark.parametrize(
        "damage",
        [
            "UPDATE file_piece SET content = set_byte(content, 5000, 7) WHERE number = 1",
            "UPDATE file_piece SET sha256 = sha256('x'), content = 'x' WHERE number = 2",
            "DELETE FROM file_piece WHERE number = 1",
            "DELETE FROM file_piece WHERE number = 2",
        ],
    )
    def test_a_damaged_piece_is_said(self, database, sign_in, make, attach, damage) -> None:
        front, patient = sign_in("u_front"), make.patient()
        attached = attach(front, patient, bmp((1100, 900)), "a.bmp")
        with open_connection(database.superuser()) as disk:
            disk.execute("SET search_path = clinic, pg_catalog")
            disk.execute("ALTER TABLE file_piece DISABLE TRIGGER ALL")
            disk.execute("ALTER TABLE file_piece DROP CONSTRAINT file_piece_fingerprint_check")
            disk.execute(damage.encode())
        with pytest.raises(SetupError, match="damaged on the disk"), front.reading() as ctx:
            attachments.content(ctx, patient, attached.id)


class TestDescribe:
    def test_and_a_stale_one(self, sign_in, make, attach) -> None:
        front, patient = sign_in("u_front"), make.patient()
        attached = attach(front, patient, made.picture())
        about = About(kind="intraoral", title="Bitewing", teeth=(16, 17), note="left")
        with front.writing() as ctx:
            assert attachments.describe(ctx, attached.id, 1, about) == 2
            (row,) = attachments.attachments(ctx, patient)
        assert (row.kind, row.title, row.teeth, row.note) == (
            "intraoral", "Bitewing", (16, 17), "left",
        )  # fmt: skip
        with pytest.raises(StaleError), front.writing() as ctx:
            attachments.describe(ctx, attached.id, 1, about)

    def test_without_a_title(self, sign_in, make, attach) -> None:
        front = sign_in("u_front")
        attached = attach(front, make.patient(), made.picture())
        with pytest.raises(InvalidError) as caught, front.writing() as ctx:
            attachments.describe(ctx, attached.id, 1, About(title=" "))
        assert caught.value.field == "title"


class TestRemove:
    def test_and_bring_back(self, sign_in, make, attach) -> None:
        front, patient = sign_in("u_front"), make.patient()
        attached = attach(front, patient, made.picture())
        with front.writing() as ctx:
            removed = attachments.remove(ctx, attached.id, 1)
            assert attachments.attachments(ctx, patient) == ()
        with pytest.raises(NotFoundError), front.reading() as ctx:
            attachments.content(ctx, patient, attached.id)
        with front.writing() as ctx:
            attachments.restore(ctx, attached.id, removed)
            assert attachments.content(ctx, patient, attached.id) == made.picture()
        with pytest.raises(StaleError), front.writing() as ctx:
            attachments.restore(ctx, attached.id, removed)


class TestMarks:
    def mark(self, attached, patient, shape="arrow", **values):
        points = (1.0, 2.5) if shape == "text" else (1.0, 2.5, 30.25, 40.0)
        return NewMark(
            id=new_id(), patient_id=patient, attachment_id=attached.id, shape=shape,
            points=points, **values,
        )  # fmt: skip

    def test_beside_the_original(self, sign_in, make, attach) -> None:
        front, patient = sign_in("u_front"), make.patient()
        attached = attach(front, patient, made.picture())
        arrow = self.mark(attached, patient)
        with front.writing() as ctx:
            marks.draw(ctx, arrow)
            marks.draw(ctx, arrow)
            marks.draw(ctx, self.mark(attached, patient, "text", words="Here"))
            found = marks.marks(ctx, attached.id)
            assert [(m.shape, m.words) for m in found] == [("arrow", ""), ("text", "Here")]
            assert found[0].points == (1.0, 2.5, 30.25, 40.0)
            gone = marks.erase(ctx, arrow.id, 1)
            assert [m.shape for m in marks.marks(ctx, attached.id)] == ["text"]
            marks.draw_again(ctx, arrow.id, gone)
            assert len(marks.marks(ctx, attached.id)) == 2
            stored = attachments.content(ctx, patient, attached.id)
        assert hashlib.sha256(stored).digest() == hashlib.sha256(made.picture()).digest()

    def test_one_scale(self, sign_in, make, attach) -> None:
        front, patient = sign_in("u_front"), make.patient()
        attached = attach(front, patient, made.picture())
        with front.writing() as ctx:
            marks.draw(ctx, self.mark(attached, patient, "scale", mm=10))
            marks.draw(ctx, self.mark(attached, patient, "scale", mm=12.5))
            assert [m.mm for m in marks.marks(ctx, attached.id)] == [12.5]

    @pytest.mark.parametrize(("shape", "field"), [("scale", "mm"), ("text", "words")])
    def test_without_its_value(self, sign_in, make, attach, shape, field) -> None:
        front, patient = sign_in("u_front"), make.patient()
        attached = attach(front, patient, made.picture())
        with pytest.raises(InvalidError) as caught, front.writing() as ctx:
            marks.draw(ctx, self.mark(attached, patient, shape))
        assert caught.value.field == field
