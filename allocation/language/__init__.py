"""What a formula may say: the function table, the tree, the parser, the checker and the units."""
