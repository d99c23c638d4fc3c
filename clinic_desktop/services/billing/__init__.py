"""Accounts: charges, the ledger, invoices."""
