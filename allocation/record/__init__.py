"""What a product of the program is, was made of and by: one object, written with it and read back whole."""
