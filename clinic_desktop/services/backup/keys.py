"""The recovery key: who makes backups holds its public half alone.

Sources: age's file format (age-encryption.org/v1): X25519 recipients, scrypt for passphrases.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyrage

from clinic_desktop.errors import InvalidError, SetupError
from clinic_desktop.i18n import _

PREFIX: Final = "AGE-SECRET-KEY-"
SHORTEST: Final = 10


@dataclass(frozen=True)
class NewKey:
    """A key just made: shown and printed once, then only its public half stays here.

    ``sealed`` is the secret half under the passphrase; it lies beside every backup.
    """

    public: str
    secret: str = field(repr=False)
    sealed: bytes = field(repr=False)


def make_key(passphrase: str) -> NewKey:
    """Make a recovery key; raises InvalidError for a passphrase that is too short."""
    identity = pyrage.x25519.Identity.generate()
    return NewKey(str(identity.to_public()), str(identity), seal_key(str(identity), passphrase))


def seal_key(secret: str, passphrase: str) -> bytes:
    """Return the secret half under a passphrase; used again to change the passphrase."""
    if len(passphrase.strip()) < SHORTEST:
        raise InvalidError(
            _("Take at least {n} characters, best four or five words.").format(n=SHORTEST),
            field="passphrase",
        )
    return bytes(pyrage.passphrase.encrypt(secret.encode(), passphrase.strip()))


def open_key(sealed: bytes, passphrase: str) -> str:
    """Return the secret half; raises InvalidError for a wrong passphrase."""
    try:
        return bytes(pyrage.passphrase.decrypt(sealed, passphrase.strip())).decode().strip()
    except pyrage.DecryptError as error:
        raise InvalidError(
            _("This passphrase does not open the recovery key. Nothing was changed."),
            field="passphrase",
        ) from error


def identity_of(secret: str) -> Any:
    """Return the key for decrypting; raises InvalidError when it is none."""
    lines = [line.strip() for line in secret.splitlines()]
    found = next((line for line in lines if line.upper().startswith(PREFIX)), "")
    try:
        return pyrage.x25519.Identity.from_str(found.upper())
    except pyrage.IdentityError as error:
        raise InvalidError(
            _("This is no recovery key. It begins with {prefix}.").format(prefix=PREFIX),
            field="key",
        ) from error


def recipient_of(public: str) -> Any:
    """Return the public half for encrypting; raises SetupError when it is none."""
    try:
        return pyrage.x25519.Recipient.from_str(public.strip())
    except pyrage.RecipientError as error:
        raise SetupError(
            _("The recovery key of this computer is damaged. Make a new one in Settings, Backup.")
        ) from error


def read_identity(file: Path | None, passphrase: str | None, sealed_beside: Path | None) -> Any:
    """Return the key from a key file, or from the sealed one beside a backup, with its passphrase.

    Raises SetupError when neither is there, InvalidError when it does not fit.
    """
    source = file or sealed_beside
    if source is None:
        raise SetupError(
            _("There is no recovery key beside the backup. Give the key file with --identity.")
        )
    try:
        content = source.read_bytes()
    except OSError as error:
        raise SetupError(
            _("The key file {file} cannot be read ({reason}).").format(
                file=source, reason=error.strerror
            )
        ) from error
    if not content.startswith(b"age-encryption.org/"):
        return identity_of(content.decode("utf-8", "replace"))
    if passphrase is None:
        raise SetupError(_("The recovery key needs its passphrase: give --passphrase-file."))
    return identity_of(open_key(content, passphrase))
