"""The sample clinic: made-up people, teeth, visits and money that fit together."""
