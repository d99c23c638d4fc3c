"""The guided tour: a working day through the real window."""
