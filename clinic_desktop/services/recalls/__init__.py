"""Recall: who is due for what, the calls made about it, and the types behind both."""
