"""Set-up, sign-in, checking and restoring: what happens before a Context exists."""
