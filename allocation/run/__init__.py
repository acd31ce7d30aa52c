"""One run of a model on a table: what changes, checks and marks, what was decided and what stands for now."""
