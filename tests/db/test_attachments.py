"""Raw SQL at the files of patients: half a file, a forged one, a changed one, another clinic's."""

import hashlib

import psycopg
import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents.schemas import NewAttachment
from tests import files as made
from tests.cluster import CLINIC, OTHER_CLINIC
from tests.db.raw_sql import refused, rows

FILE = """
INSERT INTO stored_file (clinic_id, id, fingerprint, size, pieces, media_type)
VALUES (%s, %s, %s, %s, %s, 'image/jpeg')
"""
PIECE = """
INSERT INTO file_piece (clinic_id, id, file_id, number, sha256, content)
VALUES (%s, %s, %s, %s, sha256(%s), %s)
"""


def print_of(*pieces: bytes) -> bytes:
    return hashlib.sha256(b"".join(hashlib.sha256(p).digest() for p in pieces)).digest()


@pytest.fixture
def mine(sign_in, make):
    """A patient with one attachment: patient, attachment, file."""
    patient, attachment = make.patient(), new_id()
    with sign_in("u_front").writing() as ctx:
        new = NewAttachment(id=attachment, patient_id=patient)
        attachments.attach_bytes(ctx, new, made.picture(), "a.jpg")
        (row,) = attachments.attachments(ctx, patient)
    return patient, attachment, row.file_id


class TestWhole:
    def commit(self, as_login, *acts, code="CD002", constraint="stored_file_whole") -> None:
        connection = as_login("u_front", autocommit=False)
        with pytest.raises(psycopg.Error) as caught:  # noqa: PT012 - the commit may be what fails
            for statement, values in acts:
                connection.execute(statement.encode(), values)
            connection.commit()
        assert caught.value.sqlstate == code
        assert caught.value.diag.constraint_name == constraint

    def test_a_whole_file_is_taken(self, as_login) -> None:
        connection, file = as_login("u_front", autocommit=False), new_id()
        connection.execute(FILE.encode(), (CLINIC, file, print_of(b"abc"), 3, 1))
        connection.execute(PIECE.encode(), (CLINIC, new_id(), file, 0, b"abc", b"abc"))
        connection.commit()

    def test_without_its_pieces(self, as_login) -> None:
        self.commit(as_login, (FILE, (CLINIC, new_id(), print_of(b"abc"), 3, 1)))

    def test_under_another_name(self, as_login) -> None:
        file = new_id()
        self.commit(
            as_login,
            (FILE, (CLINIC, file, print_of(b"abc"), 3, 1)),
            (PIECE, (CLINIC, new_id(), file, 0, b"xyz", b"xyz")),
        )

    def test_a_piece_under_another_name(self, as_login) -> None:
        file = new_id()
        self.commit(
            as_login,
            (FILE, (CLINIC, file, print_of(b"abc"), 3, 1)),
            (PIECE, (CLINIC, new_id(), file, 0, b"abc", b"xyz")),
            code="23514",
            constraint="file_piece_fingerprint_check",
        )

    @pytest.mark.parametrize("number", [-1, 1, 99])
    def test_a_piece_more(self, as_login, front, mine, number) -> None:
        _patient, _attachment, file = mine
        refused(front, PIECE, (CLINIC, new_id(), file, number, b"x", b"x"))

    def test_beyond_the_limits(self, front) -> None:
        refused(front, FILE, (CLINIC, new_id(), b"x", 209715201, 201), "23514")
        refused(front, FILE, (CLINIC, new_id(), b"x", 0, 0), "23514")
        refused(front, FILE, (CLINIC, new_id(), b"x", 3, 2), "23514")
        svg = FILE.replace("image/jpeg", "image/svg+xml")
        refused(front, svg, (CLINIC, new_id(), b"x", 3, 1), "23514")


class TestClosed:
    def test_bytes_and_small_pictures_only_through_the_readers(self, front, mine) -> None:
        refused(front, "SELECT content FROM file_piece")
        refused(front, "SELECT thumbnail FROM stored_file")
        refused(front, "SELECT * FROM file_piece")
        patient, attachment, _file = mine
        assert rows(
            front, "SELECT number FROM read_file_piece(%s, %s, %s)", (CLINIC, patient, attachment)
        ) == [(0,)]

    def test_with_a_patient_who_does_not_have_it(self, front, mine, make) -> None:
        _patient, attachment, file = mine
        other = make.patient(given="Other")
        for reader, row in (("read_file_piece", attachment), ("read_stored_file", file)):
            found = rows(front, f"SELECT 1 FROM {reader}(%s, %s, %s)", (CLINIC, other, row))
            assert found == []

    def test_without_the_right_or_from_another_clinic(self, as_login, mine, theirs) -> None:
        patient, attachment, _file = mine
        for login in ("u_compliance", "u_other"):
            other = as_login(login)
            for reader in ("read_file_piece", "read_stored_file"):
                statement = f"SELECT 1 FROM {reader}(%s, %s, %s)"
                refused(other, statement, (CLINIC, patient, attachment))
            assert rows(other, "SELECT id FROM attachment") == []
            assert rows(other, "SELECT id FROM stored_file") == []
            refused(other, FILE, (CLINIC, new_id(), b"x", 3, 1))
        refused(
            as_login("u_front"),
            "SELECT 1 FROM read_file_piece(%s, %s, %s)",
            (OTHER_CLINIC, theirs, attachment),
        )

    def test_a_file_is_never_changed(self, front, mine) -> None:
        for table in ("stored_file", "file_piece"):
            refused(front, f"UPDATE {table} SET version = version + 1")
            refused(front, f"DELETE FROM {table}")
            refused(front, f"TRUNCATE {table} CASCADE")
        refused(front, "DELETE FROM attachment")

    @pytest.mark.parametrize("column", ["patient_id", "file_id", "added_by"])
    def test_an_attachment_keeps_what_it_is(self, front, mine, make, column) -> None:
        refused(
            front,
            f"UPDATE attachment SET {column} = %s, version = version + 1 WHERE id = %s",
            (make.patient(given="Other"), mine[1]),
        )

    def test_in_ones_own_name(self, front, mine) -> None:
        refused(
            front,
            """
            INSERT INTO attachment (clinic_id, id, patient_id, file_id, added_by, kind, title, name)
            SELECT %s, %s, %s, %s, p.id, 'photo', 'x', 'x.jpg' FROM person p
            WHERE p.login = 'u_dentist'
            """,
            (CLINIC, new_id(), mine[0], mine[2]),
        )

    def test_names_with_a_path(self, front, mine) -> None:
        for name in ("a/b.jpg", "a\\b.jpg"):
            refused(
                front,
                """
                INSERT INTO attachment
                    (clinic_id, id, patient_id, file_id, added_by, kind, title, name)
                SELECT %s, %s, %s, %s, p.id, 'photo', 'x', %s FROM person p
                WHERE p.login = session_user
                """,
                (CLINIC, new_id(), mine[0], mine[2], name),
                "23514",
            )


MARK = """
INSERT INTO attachment_mark (clinic_id, id, patient_id, attachment_id, shape, points, micrometres)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


class TestMarks:
    def test_over_another_patients_image(self, front, mine, make) -> None:
        other = make.patient(given="Other")
        values = (CLINIC, new_id(), other, mine[1], "line", [1, 2, 3, 4], None)
        refused(front, MARK, values)

    @pytest.mark.parametrize(
        ("shape", "points", "length"),
        [
            ("line", [1, 2, 3], None),
            ("line", [1, 2, 3, None], None),
            ("line", [1, 2, 3, 4], 5000),
            ("scale", [1, 2, 3, 4], None),
            ("scale", [1, 2, 3, 4], 0),
            ("text", [1, 2], None),
            ("polygon", [1, 2, 3, 4], None),
        ],
    )
    def test_half_of_one(self, front, mine, shape, points, length) -> None:
        values = (CLINIC, new_id(), mine[0], mine[1], shape, points, length)
        refused(front, MARK, values, "23514")
