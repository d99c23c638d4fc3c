"""The tooth chart on the screen."""
