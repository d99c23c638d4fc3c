"""The database: embedded server, engine and transaction, roles, change feed."""
