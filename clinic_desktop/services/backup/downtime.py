"""The passphrase of the downtime pack, and opening one without any database."""

import base64
import io
from pathlib import Path

import pyrage

from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.services.backup.keys import identity_of, make_key, open_key
from clinic_desktop.services.backup.settings import Kept


def set_passphrase(kept: Kept, passphrase: str) -> None:
    """Make packs from now on, opened by this passphrase; raises InvalidError for a short one."""
    key = make_key(passphrase)
    sealed = base64.b64encode(key.sealed).decode()
    settings = kept.read()
    kept.write(settings.model_copy(update={"pack_recipient": key.public, "pack_sealed": sealed}))


def open_pack(file: Path, key_file: Path, passphrase: str) -> bytes:
    """Return the PDF of a pack; raises InvalidError for a wrong passphrase, SetupError else."""
    try:
        secret = open_key(key_file.read_bytes(), passphrase)
        paper = io.BytesIO()
        with file.open("rb") as sealed:
            pyrage.decrypt_io(sealed, paper, [identity_of(secret)])
    except (OSError, pyrage.DecryptError) as error:
        raise SetupError(
            _("The pack {file} cannot be opened with the key beside it.").format(file=file)
        ) from error
    return paper.getvalue()
