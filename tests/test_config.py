"""Settings and connection profiles: kept, refused with their place, never with a secret."""

import json
import os
import stat
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from clinic_desktop import config
from clinic_desktop.config import ComputerProfile, SampleProfile, ServerProfile, Settings
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError, SetupError


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(config.ENVIRONMENT):
            monkeypatch.delenv(name)


class TestHome:
    def test_the_command_line_wins_over_the_variable(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CLINIC_DESKTOP_HOME", str(tmp_path / "variable"))
        assert config.home(tmp_path / "given") == tmp_path / "given"
        assert config.home() == tmp_path / "variable"

    @pytest.mark.skipif(sys.platform != "linux", reason="each system has a place of its own")
    def test_the_usual_place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.delenv("XDG_DATA_HOME", raising=False)
        monkeypatch.setattr(config.files, "is_root", lambda: False)
        assert config.home() == tmp_path / ".local/share/clinic-desktop"
        monkeypatch.setenv("XDG_DATA_HOME", "relative")
        assert config.home() == tmp_path / ".local/share/clinic-desktop"
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        assert config.home() == tmp_path / "data/clinic-desktop"
        monkeypatch.setattr(config.files, "is_root", lambda: True)
        assert config.home() == Path("/var/lib/clinic-desktop")

    def test_it_is_made_for_the_owner(self, tmp_path: Path) -> None:
        config.make_home(tmp_path / "a" / "b")
        config.make_home(tmp_path / "a" / "b")
        if sys.platform != "win32":
            mode = stat.S_IMODE((tmp_path / "a").stat().st_mode)
            assert mode == (0o711 if os.geteuid() == 0 else 0o700)


class TestSettings:
    def test_the_first_start_has_the_usual_ones(self, tmp_path: Path) -> None:
        settings = Settings.load(tmp_path)
        assert (settings.language, settings.theme, settings.scale) == (None, "system", 100)
        assert settings.device_name
        assert not list(tmp_path.iterdir())

    def test_changes_are_kept_beside_what_a_newer_version_wrote(self, tmp_path: Path) -> None:
        file = tmp_path / "settings.json"
        file.write_text('{"of_the_future": [1], "scale": 150}')
        settings = Settings.load(tmp_path).save(tmp_path, theme="dark", device_name="Sala 1 ñ")
        assert settings == Settings.load(tmp_path)
        assert (settings.theme, settings.scale, settings.device_name) == ("dark", 150, "Sala 1 ñ")
        assert json.loads(file.read_text("utf-8"))["of_the_future"] == [1]
        assert list(tmp_path.iterdir()) == [file]

    def test_the_environment_wins_and_is_not_written_down(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CLINIC_DESKTOP_THEME", "contrast")
        monkeypatch.setenv("CLINIC_DESKTOP_SCALE", "")
        settings = Settings.load(tmp_path).save(tmp_path, language="pt")
        assert (settings.theme, settings.language, settings.scale) == ("contrast", "pt", 100)
        assert json.loads((tmp_path / "settings.json").read_text()) == {"language": "pt"}

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "line 1"),
            (b'{"theme": "dark"', "line 1"),
            (b"[1]", "object"),
            (b'{"theme": "purple"}', "theme"),
            (b'{"scale": 900}', "scale"),
            (b'{"language": "xx"}', "language"),
            (b'{"theme": "\xff"}', "utf-8"),
            (b"\x00" * 40, "line 1"),
        ],
    )
    def test_a_damaged_file_is_named_and_kept(
        self, tmp_path: Path, content: bytes, words: str
    ) -> None:
        file = tmp_path / "settings.json"
        file.write_bytes(content)
        with pytest.raises(SetupError, match=words) as caught:
            Settings.load(tmp_path)
        assert str(file) in str(caught.value)
        with pytest.raises(SetupError):
            Settings().save(tmp_path, theme="dark")
        assert file.read_bytes() == content

    def test_a_wrong_variable_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CLINIC_DESKTOP_SCALE", "huge")
        with pytest.raises(SetupError, match="CLINIC_DESKTOP_SCALE"):
            Settings.load(tmp_path)

    def test_what_no_setting_takes_is_not_written(self, tmp_path: Path) -> None:
        settings = Settings.load(tmp_path)
        with pytest.raises(ValidationError):
            settings.save(tmp_path, scale=20)
        with pytest.raises(TypeError, match="colour"):
            settings.save(tmp_path, colour="blue")
        assert not list(tmp_path.iterdir())

    def test_a_file_where_the_home_belongs(self, tmp_path: Path) -> None:
        (tmp_path / "home").write_text("x")
        with pytest.raises(SetupError, match="A file stands"):
            Settings().save(tmp_path / "home", theme="dark")


SERVER = ServerProfile(name="Clínica", host="db.clinic.lan", root_certificate=Path("/etc/ca.pem"))


class TestProfiles:
    def test_none_before_the_first_run(self, tmp_path: Path) -> None:
        assert config.load_profiles(tmp_path) == ()

    def test_saved_replaced_found_and_removed(self, tmp_path: Path) -> None:
        computer = ComputerProfile(name="This computer")
        sample = SampleProfile(name="Sample clinic")
        for profile in (computer, SERVER, sample):
            config.save_profile(tmp_path, profile)
        assert config.load_profiles(tmp_path) == (computer, SERVER, sample)
        moved = SERVER.model_copy(update={"name": "Centro", "port": 6432})
        config.save_profile(tmp_path, moved, replacing="clínica")
        assert config.load_profiles(tmp_path) == (computer, moved, sample)
        assert config.find_profile(tmp_path, "CENTRO") == moved
        config.remove_profile(tmp_path, "centro")
        assert config.load_profiles(tmp_path) == (computer, sample)
        with pytest.raises(NotFoundError):
            config.find_profile(tmp_path, "Centro")
        assert computer.folder(tmp_path) != sample.folder(tmp_path)

    def test_one_name_for_one_connection(self, tmp_path: Path) -> None:
        config.save_profile(tmp_path, SERVER)
        with pytest.raises(ConflictError) as caught:
            config.save_profile(tmp_path, SampleProfile(name=" CLÍNICA "))
        assert caught.value.field == "name"
        assert config.load_profiles(tmp_path) == (SERVER,)

    @pytest.mark.parametrize(
        "entry",
        [
            {"kind": "server", "name": "a", "host": "h", "password": "secret"},
            {"kind": "cloud", "name": "a"},
            {"kind": "server", "name": "a"},
            {"name": "a"},
            7,
        ],
    )
    def test_a_damaged_file_is_named_and_kept(self, tmp_path: Path, entry: object) -> None:
        file = tmp_path / "profiles.json"
        file.write_text(json.dumps({"profiles": [entry]}))
        before = file.read_bytes()
        with pytest.raises(SetupError, match="profiles") as caught:
            config.load_profiles(tmp_path)
        assert str(file) in str(caught.value)
        assert "secret" not in str(caught.value)
        with pytest.raises(SetupError):
            config.save_profile(tmp_path, SERVER)
        assert file.read_bytes() == before


class TestServerProfile:
    TYPED = {
        "name": "Clinic",
        "host": "db.clinic.lan",
        "port": "",
        "database": "clinic",
        "root_certificate": "",
    }

    def test_what_a_person_typed(self) -> None:
        typed = {**self.TYPED, "host": " 192.168.1.20 ", "port": "6432"}
        profile = config.server_profile(**typed)
        assert (profile.host, profile.port, profile.root_certificate) == (
            "192.168.1.20",
            6432,
            None,
        )

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "  "),
            ("name", "x" * 61),
            ("host", ""),
            ("host", "one,two"),
            ("host", "/var/run"),
            ("host", "person@host"),
            ("host", "a b"),
            ("host", "-x"),
            ("port", "0"),
            ("port", "70000"),
            ("port", "many"),
            ("database", ""),
            ("root_certificate", "ca.pem"),
        ],
    )
    def test_each_field_has_its_sentence(self, field: str, value: str) -> None:
        with pytest.raises(InvalidError) as caught:
            config.server_profile(**{**self.TYPED, field: value})
        assert caught.value.field == field
        assert str(caught.value).endswith(".")
