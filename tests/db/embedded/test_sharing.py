"""One embedded server for several programs, by whatever name of its folder."""

import os
from collections.abc import Callable
from pathlib import Path

from clinic_desktop.db.embedded import EmbeddedServer, paths
from tests.db.embedded.programs import ask, finish, posix, program, said


class TestSharing:
    def test_two_programs_at_once_make_one_server_and_the_last_closes_it(
        self, make: Callable[[str], EmbeddedServer]
    ) -> None:
        server = make("two at once")
        first, second = program(server.layout.root), program(server.layout.root)
        assert said(first) == said(second) != ""
        finish(first)
        assert server.running() is not None
        finish(second)
        assert server.running() is None
        assert first.returncode == second.returncode == 0

    @posix
    def test_a_killed_program_counts_as_gone(self, make: Callable[[str], EmbeddedServer]) -> None:
        server = make("one")
        server.start()
        other = program(server.layout.root)
        assert said(other)
        other.kill()
        other.communicate()
        server.leave()
        assert server.running() is None
        assert not list(server.layout.programs.iterdir())

    def test_leaving_keeps_the_server_for_the_others(
        self, make: Callable[[str], EmbeddedServer]
    ) -> None:
        one = make("one")
        address = one.start()
        two = EmbeddedServer(one.layout.root)
        assert two.start() == address
        one.leave()
        assert ask(address, "SELECT 1") == "1"
        one.leave()
        assert two.running() == address
        two.leave()
        assert two.running() is None

    def test_leaving_what_never_ran(self, place: Path) -> None:
        EmbeddedServer(place / "one").leave()
        EmbeddedServer(place / "one").stop()
        assert not (place / "one").exists()


class TestOneFolder:
    """The server's folder is known by whatever name it is entered: a link, a short name."""

    def test_another_name_of_it(self, tmp_path: Path) -> None:
        (tmp_path / "Área").mkdir()
        (tmp_path / "short").symlink_to(tmp_path / "Área")
        told = paths.told_by_server(os.fsencode(tmp_path / "Área"))
        assert paths.is_same(told, tmp_path / "short")

    def test_another_one_and_none(self, tmp_path: Path) -> None:
        (tmp_path / "one").mkdir()
        assert not paths.is_same(tmp_path / "one", tmp_path)
        assert not paths.is_same(tmp_path / "gone", tmp_path)
        assert not paths.is_same(tmp_path, tmp_path / "gone")
