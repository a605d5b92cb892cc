"""The trainers' workshop."""
