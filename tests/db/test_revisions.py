"""The versions this program ships, as Alembic itself reads them."""

import subprocess
import sys

from alembic.config import Config
from alembic.script import ScriptDirectory

from clinic_desktop.db import revisions
from clinic_desktop.resources import migrations


def test_are_what_alembic_finds() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations()))
    scripts = ScriptDirectory.from_config(config)
    assert revisions.head() == scripts.get_current_head()
    assert revisions.shipped() == {s.revision: s.down_revision for s in scripts.walk_revisions()}
    assert not revisions.known("2099_01_01_future")


def test_sign_in_loads_no_alembic() -> None:
    code = (
        "import sys; import clinic_desktop.services.installation.sign_in; "
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
