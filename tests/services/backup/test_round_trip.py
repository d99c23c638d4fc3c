"""A dump and its segments bring back every row of every table."""

from clinic_desktop.services.backup.dump import make_full
from clinic_desktop.services.backup.restore import read_chain, restore
from clinic_desktop.services.backup.tail import make_tail


class TestRoundTrip:
    def test_dump_alone(self, ground, make) -> None:
        make.patient(given="Ana")
        manifest = make_full(ground.dsn, ground.folder, ground.recipients)
        chain = read_chain([ground.folder / manifest.name], ground.identities)
        assert chain.last == manifest
        back = restore(chain, ground.identities, ground.target, people=False)
        assert ground.rows(ground.copy) == ground.rows(ground.database.name)
        assert back.rows == sum(manifest.counts.values())

    def test_dump_and_segments(self, ground, make) -> None:
        make.patient(given="Ana")
        last = make_full(ground.dsn, ground.folder, ground.recipients)
        files = [ground.folder / last.name]
        for name in ("Ben", "Cy"):
            make.patient(given=name)
            last = make_tail(ground.dsn, ground.folder, ground.recipients, last)
            files.append(ground.folder / last.name)
        assert make_tail(ground.dsn, ground.folder, ground.recipients, last) is None
        restore(
            read_chain(files, ground.identities), ground.identities, ground.target, people=False
        )
        assert ground.rows(ground.copy) == ground.rows(ground.database.name)
