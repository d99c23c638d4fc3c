"""People who work at the clinic: roles, invitations, deactivation, emergency access."""
