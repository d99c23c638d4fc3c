"""What stands in the way of an embedded server, each with its sentence."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clinic_desktop import files
from clinic_desktop.db.embedded import EmbeddedServer, trouble
from clinic_desktop.errors import SetupError
from tests.db.embedded.programs import posix


@contextmanager
def ordinary() -> Iterator[None]:
    """Be an account without privileges, also when root runs the tests."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


class TestRefusals:
    @posix
    def test_a_folder_that_takes_no_files(self, place: Path) -> None:
        place.chmod(0o555)
        with ordinary(), pytest.raises(SetupError, match="may not use") as caught:
            EmbeddedServer(place / "one").start()
        assert str(place) in str(caught.value)

    @posix
    def test_data_that_take_no_files(self, make: Callable[[str], EmbeddedServer]) -> None:
        server = make("one")
        server.start()
        server.leave()
        closed = (server.layout.programs, server.layout.root)
        for folder in closed:
            folder.chmod(0o555)
        with ordinary(), pytest.raises(SetupError, match=str(server.layout.root)):
            server.start()
        for folder in closed:
            folder.chmod(0o711)

    @posix
    @pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="root runs another account")
    def test_root_in_a_closed_folder(self, place: Path) -> None:
        closed = place / "closed"
        closed.mkdir(mode=0o700)
        with pytest.raises(SetupError, match="cannot enter") as caught:
            EmbeddedServer(closed / "one").start()
        assert str(closed) in str(caught.value)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700

    def test_a_path_too_long_for_the_system(self, place: Path) -> None:
        with pytest.raises(SetupError, match="too long"):
            EmbeddedServer(place / ("x" * 300)).start()
        with pytest.raises(SetupError, match="too long"):
            EmbeddedServer(place.joinpath(*["x" * 100] * 9)).start()

    @posix
    @pytest.mark.parametrize(
        "name", ["two\nlines", b"latin\xe9".decode("utf-8", "surrogateescape")]
    )
    def test_a_path_that_cannot_be_written_down(self, place: Path, name: str) -> None:
        with pytest.raises(SetupError, match="no letters"):
            EmbeddedServer(place / name).start()

    def test_a_file_where_the_folder_belongs(self, place: Path) -> None:
        (place / "one").write_text("a letter")
        with pytest.raises(SetupError, match="A file stands"):
            EmbeddedServer(place / "one").start()
        assert (place / "one").read_text() == "a letter"

    def test_data_of_another_version(self, make: Callable[[str], EmbeddedServer]) -> None:
        server = make("one")
        server.layout.data.mkdir(parents=True)
        (server.layout.data / "PG_VERSION").write_text("13\n")
        if os.name == "posix":
            server.layout.root.chmod(0o711)
        with pytest.raises(SetupError, match="PostgreSQL 13"):
            server.start()

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (errno.ENOSPC, "is full"),
            (errno.EROFS, "cannot be written to"),
            (errno.ENOLCK, "cannot keep two programs apart"),
            (errno.EIO, "cannot be used"),
        ],
    )
    def test_each_answer_of_the_system_has_a_sentence(self, number: int, words: str) -> None:
        sentence = str(files.refusal(OSError(number, os.strerror(number)), Path("/data/clinic")))
        assert words in sentence
        assert "/data/clinic" in sentence


class TestTrouble:
    def test_an_administrator_is_told_to_be_none(self, tmp_path: Path) -> None:
        said = trouble.ToolError(
            "postgres: Execution of PostgreSQL by a user with administrative permissions is not\n"
            "permitted.\nThe server must be started under an unprivileged user ID"
        )
        assert "without “Run as administrator”" in str(trouble.refusal(said, tmp_path))
