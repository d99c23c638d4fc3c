"""Accounts: a patient's ledger, invoices, the list of accounts."""
