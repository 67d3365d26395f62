"""What is fast and what is not, measured; each file says how it is run."""
