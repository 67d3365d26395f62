"""What customers answered, and the pages on which they do."""
