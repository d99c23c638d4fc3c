"""The waiting list: who would come sooner, and whom to call about a free time."""
