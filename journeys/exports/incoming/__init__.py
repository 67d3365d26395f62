"""Maps that come in as files: read as they are (`Raw`), then matched to what the house has."""

from journeys.exports.incoming.carrying import pack, unpack
from journeys.exports.incoming.problems import Problem, Refused, Where
from journeys.exports.incoming.raw import Raw
from journeys.exports.incoming.reading import LARGEST, read, too_large
from journeys.exports.incoming.resolving import Draft, Known, resolve

__all__ = [
    "LARGEST",
    "Draft",
    "Known",
    "Problem",
    "Raw",
    "Refused",
    "Where",
    "pack",
    "read",
    "resolve",
    "too_large",
    "unpack",
]
