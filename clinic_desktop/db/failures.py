"""What a refusal of the database means, told apart by its code and constraint."""

from typing import Final

import psycopg
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from clinic_desktop.errors import (
    BusyError,
    ClinicError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    SetupError,
    StaleError,
    UnreachableError,
)
from clinic_desktop.i18n import N_, _

STALE: Final = "CD001"
FROZEN: Final = "CD002"
NOT_ONE_ROW: Final = "CD003"
LAST_ADMIN: Final = "CD004"
NOT_IN_OWN_NAME: Final = "CD005"
MERGED: Final = "CD006"
ERASED: Final = "CD007"

_OWN_CODES: Final[dict[str, tuple[type[ClinicError], str]]] = {
    STALE: (StaleError, N_("Somebody saved this record first. Your text is kept.")),
    FROZEN: (ConflictError, N_("This record is closed. Correct it with a new entry.")),
    NOT_ONE_ROW: (ConflictError, N_("The record is no longer there.")),
    LAST_ADMIN: (ConflictError, N_("The clinic needs one administrator. Name another one first.")),
    NOT_IN_OWN_NAME: (NotAllowedError, N_("This is done in one's own name only.")),
    MERGED: (
        ConflictError,
        N_("This record was merged into another one. Open that one; your text is kept."),
    ),
    ERASED: (ConflictError, N_("This record cannot be erased yet. Look at it again.")),
}
_CONSTRAINTS: Final[dict[str, tuple[type[ClinicError], str]]] = {
    "note_signed": (ConflictError, N_("This note is signed. Write an addendum instead.")),
    "invoice_issued": (ConflictError, N_("This invoice is issued. Correct it with a credit note.")),
    "prescription_issued": (
        ConflictError,
        N_("This prescription is issued. Write a new one instead."),
    ),
    "perio_signed": (
        ConflictError,
        N_("This exam is signed and stays as it is. Begin a new one."),
    ),
    "perio_gone": (ConflictError, N_("This exam was discarded. Nothing more is stored in it.")),
    "merge_with_itself": (ConflictError, N_("These are the same record. Choose another one.")),
    "merge_gone": (
        ConflictError,
        N_("One of the records is no longer in use. Nothing was merged."),
    ),
    "unmerge_twice": (ConflictError, N_("This merge was already taken apart.")),
    "unmerge_later": (
        ConflictError,
        N_("The record was merged again later. Take that merge apart first."),
    ),
    "record_erased": (ConflictError, N_("This record was erased. Nothing is written in it.")),
    "erase_twice": (ConflictError, N_("This record was erased already.")),
    "erase_merged": (
        ConflictError,
        N_("This record was merged into another one and is erased together with it."),
    ),
    "erase_coming": (ConflictError, N_("A visit is still to come. Cancel it first.")),
    "erase_balance": (ConflictError, N_("The account is not settled. Settle it first.")),
    "erase_reason": (InvalidError, N_("Say why the person is erased.")),
    "erase_reason_names": (
        InvalidError,
        N_("The reason is kept. Leave the person's name, phone and e-mail out of it."),
    ),
    "erase_too_early": (
        ConflictError,
        N_("The clinic must keep this record longer, and its rules allow no exception."),
    ),
    "erase_early_reason": (
        InvalidError,
        N_("Say why the record is not kept until its time is over."),
    ),
    "login_taken": (ConflictError, N_("This user name belongs to somebody else.")),
    "appointment_resource_no_overlap": (ConflictError, N_("This time is taken.")),
    "ix_appointment_successor": (
        ConflictError,
        N_("Another appointment was made in its place already."),
    ),
    "appointment_successor": (ConflictError, N_("Choose the other time first.")),
    "appointment_stands_again": (
        ConflictError,
        N_("Another appointment stands in its place. Cancel that one first."),
    ),
    "appointment_place_stands": (
        ConflictError,
        N_("The appointment in whose place it stood takes place after all."),
    ),
    "stock_balance_never_negative_check": (ConflictError, N_("There is not enough in stock.")),
}

# The driver's classes, the more special ones first.
_CLASSES: Final[dict[tuple[type[psycopg.Error], ...], tuple[type[ClinicError], str]]] = {
    (pg.DeadlockDetected, pg.SerializationFailure, pg.LockNotAvailable): (
        BusyError,
        N_("Somebody else was saving at the same moment. Try again."),
    ),
    (pg.QueryCanceled,): (
        BusyError,
        N_("The server took too long to answer. Try again in a moment."),
    ),
    (pg.InsufficientPrivilege,): (
        NotAllowedError,
        N_("Your roles do not allow this. Ask an administrator."),
    ),
    # The server answers: nothing is gained by asking it again until somebody has made room.
    (pg.DiskFull,): (
        SetupError,
        N_("The server's disk is full. Nothing was saved: make room on it, then save again."),
    ),
    (pg.ReadOnlySqlTransaction,): (
        UnreachableError,
        N_("The server takes no changes now. Nothing was saved."),
    ),
    (pg.DataError,): (
        InvalidError,
        N_("The server cannot store this text or number as it is."),
    ),
}


def code_of(error: DBAPIError) -> str:
    """Return the SQLSTATE, or an empty text when the server sent none."""
    origin = error.orig
    return (origin.sqlstate or "") if isinstance(origin, psycopg.Error) else ""


def constraint_of(error: DBAPIError) -> str:
    """Return the name of the constraint that refused, or an empty text."""
    origin = error.orig
    return (origin.diag.constraint_name or "") if isinstance(origin, psycopg.Error) else ""


def _of_constraint(error: DBAPIError) -> ClinicError | None:
    kind = _CONSTRAINTS.get(constraint_of(error)) or _OWN_CODES.get(code_of(error))
    return kind[0](_(kind[1])) if kind else None


def _lost(error: DBAPIError) -> bool:
    return (
        error.connection_invalidated
        or (isinstance(error.orig, psycopg.OperationalError) and not code_of(error))
        or (code_of(error)[:2] in {"08", "57"} and not isinstance(error.orig, pg.QueryCanceled))
    )


def sentence(error: Exception) -> ClinicError | None:
    """Return the failure as something a person can act on, or None when it is our mistake."""
    if isinstance(error, PoolTimeoutError):
        return BusyError(_("The server is busy. Try again in a moment."))
    if not isinstance(error, DBAPIError):
        return None
    known = _of_constraint(error)
    if known is not None:
        return known
    for kinds, (refusal, words) in _CLASSES.items():
        if isinstance(error.orig, kinds):
            return refusal(_(words))
    if _lost(error):
        return UnreachableError(_("The server does not answer. Your text is kept here."))
    return None
