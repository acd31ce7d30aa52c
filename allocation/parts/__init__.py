"""What is attached to one issue of the funds: one file a kind, which alone knows the names it adds."""
