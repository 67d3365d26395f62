"""The one exception of this room."""


class LocalError(Exception):
    """Something on this machine stops local mode; the message is one line for the terminal."""
