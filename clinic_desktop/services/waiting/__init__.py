"""The waiting list: who would come sooner, whom to call when a time is free, what they answer."""
