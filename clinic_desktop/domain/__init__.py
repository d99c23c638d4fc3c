"""Pure rules of the field: no SQL, no Qt, no input or output."""
