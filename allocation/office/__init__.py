"""What is asked, as one object, and what an office does with files and journal in one step."""
