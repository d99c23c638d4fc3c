"""A new folder that its account alone enters, said in each system's own way."""

import sys
from pathlib import Path

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes
    from typing import ClassVar, Final

    _rights = ctypes.WinDLL("advapi32", use_last_error=True)
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _TOKEN_QUERY: Final = 8
    _TOKEN_USER: Final = 1
    _REVISION: Final = 1
    _LONGEST_TOKEN: Final = 256

    class _Attributes(ctypes.Structure):
        """SECURITY_ATTRIBUTES."""

        _fields_: ClassVar = [
            ("size", wintypes.DWORD),
            ("descriptor", ctypes.c_void_p),
            ("inherited", wintypes.BOOL),
        ]

    for _function, _arguments in (
        (_kernel.CreateDirectoryW, (wintypes.LPCWSTR, ctypes.POINTER(_Attributes))),
        (_kernel.CloseHandle, (wintypes.HANDLE,)),
        (
            _rights.OpenProcessToken,
            (wintypes.HANDLE, wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE)),
        ),
        (
            _rights.GetTokenInformation,
            (
                wintypes.HANDLE,
                ctypes.c_int,
                ctypes.c_void_p,
                wintypes.DWORD,
                ctypes.POINTER(wintypes.DWORD),
            ),
        ),
        (
            _rights.ConvertSidToStringSidW,
            (ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p)),
        ),
        (
            _rights.ConvertStringSecurityDescriptorToSecurityDescriptorW,
            (
                wintypes.LPCWSTR,
                wintypes.DWORD,
                ctypes.POINTER(ctypes.c_void_p),
                ctypes.c_void_p,
            ),
        ),
    ):
        _function.argtypes = _arguments
        _function.restype = wintypes.BOOL
    _kernel.GetCurrentProcess.restype = wintypes.HANDLE
    _kernel.LocalFree.argtypes = (ctypes.c_void_p,)
    _kernel.LocalFree.restype = ctypes.c_void_p

    def _sure(worked: int) -> None:
        if not worked:
            raise ctypes.WinError(ctypes.get_last_error())

    def _account() -> str:
        """Return the number (SID) of the account that runs this program, as a text."""
        token = wintypes.HANDLE()
        _sure(
            _rights.OpenProcessToken(_kernel.GetCurrentProcess(), _TOKEN_QUERY, ctypes.byref(token))
        )
        try:
            # TOKEN_USER begins with the address of the number, which lies behind it.
            user = ctypes.create_string_buffer(_LONGEST_TOKEN)
            size = wintypes.DWORD()
            _sure(
                _rights.GetTokenInformation(
                    token, _TOKEN_USER, user, _LONGEST_TOKEN, ctypes.byref(size)
                )
            )
            number, text = ctypes.c_void_p.from_buffer(user), ctypes.c_void_p()
            _sure(_rights.ConvertSidToStringSidW(number, ctypes.byref(text)))
        finally:
            _kernel.CloseHandle(token)
        try:
            return ctypes.wstring_at(text.value or 0)
        finally:
            _kernel.LocalFree(text)

    def make_own(folder: Path, mode: int) -> None:  # noqa: ARG001 - modes are not Windows' way
        """Make a folder for this account, the system and administrators, and what comes into it.

        The account is named, because ownership is not enough: what a program makes that was
        started as administrator belongs to all administrators, whose rights the database server
        lays down, and which the same person has not when starting the program as usual.
        """
        descriptor = ctypes.c_void_p()
        whole = "".join(f"(A;OICI;FA;;;{who})" for who in (_account(), "SY", "BA"))
        _sure(
            _rights.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                f"D:P{whole}", _REVISION, ctypes.byref(descriptor), None
            )
        )
        try:
            attributes = _Attributes(ctypes.sizeof(_Attributes), descriptor, False)
            _sure(_kernel.CreateDirectoryW(str(folder), ctypes.byref(attributes)))
        finally:
            _kernel.LocalFree(descriptor)

else:

    def make_own(folder: Path, mode: int) -> None:
        """Make a folder with these permissions; raises OSError as the system does."""
        folder.mkdir(mode=mode)
        folder.chmod(mode)  # the umask may have taken more than we want, and never gives
