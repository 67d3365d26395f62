"""Pages of share links: those of the team, and what the holder of a link sees."""
