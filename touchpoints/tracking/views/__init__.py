"""Doors of the room: what anybody may fetch, and the pages of the shell."""
