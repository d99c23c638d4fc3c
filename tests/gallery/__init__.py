"""The gallery: pictures of the real screens in every look, to be judged by eye."""
