"""Failures that a person can act on; anything else is a mistake of ours and looks like one."""


class ClinicError(Exception):
    """A refusal whose text is a sentence the person at the screen can act on.

    ``field`` names the form field the sentence belongs to, or is None for the message bar.
    """

    field: str | None = None

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        if field is not None:
            self.field = field


class NotAllowedError(ClinicError):
    """The person's roles do not include the permission that this act needs."""


class NotFoundError(ClinicError):
    """The record is not there, or not for this person."""


class ErasedError(NotFoundError):
    """The record was erased; only what the law keeps of it is left."""


class StaleError(ClinicError):
    """Somebody saved the record after it was read: show both versions and let a person choose."""


class InvalidError(ClinicError):
    """What was typed cannot be taken as it is; ``field`` says where."""


class ConflictError(ClinicError):
    """The request clashes with what is already recorded."""


class UnreachableError(ClinicError):
    """The server does not answer; nothing typed is lost and the act can be sent again."""


class BusyError(ClinicError):
    """Another transaction was in the way and ours was undone whole; it can be done again."""


class SetupError(ClinicError):
    """The installation itself needs attention: disk, permissions, version, configuration."""
