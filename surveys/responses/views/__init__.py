"""The public answer page, and the pages on which the team reads answers."""
