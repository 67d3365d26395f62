"""How our own files are kept for browsers in production."""

from __future__ import annotations

from typing import Final

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Scripts that import one another. Those of others are left alone: some name files that they do
# not bring along.
_OF_MODULES: Final = ("maps/*.js",)
_IMPORTS: Final = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Files under names that say what is in them, also where scripts import them.

    So a browser keeps each of them for good, and asks again only for what has changed.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        *((folder, _IMPORTS) for folder in _OF_MODULES),
    )
