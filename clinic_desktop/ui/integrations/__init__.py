"""Everything outside that the program talks to: its state, and a test that truly tries."""
