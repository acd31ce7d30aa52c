"""What is said of an issue, once: lines, columns, tables, which every medium renders."""
