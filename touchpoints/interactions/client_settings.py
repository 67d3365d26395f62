"""What Segment's browser library asks before it sends: where to send to.

It asks the address that it is given as its `cdnURL`; with ours, a page needs nothing but that
address and a write key. Whether the key is known shows when something is sent.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import msgspec

# The path below /v1/.
PATH: Final = re.compile(r"projects/([A-Za-z0-9_-]{1,200})/settings\Z")


@lru_cache(1024)
def client_settings(write_key: str, site_url: str) -> bytes:
    """Return the settings of a project as JSON; events go to the site's own /v1/."""
    site = urlsplit(site_url)
    return msgspec.json.encode(
        {
            "integrations": {
                "Segment.io": {
                    "apiKey": write_key,
                    "apiHost": f"{site.netloc}{site.path}/v1",
                    "protocol": site.scheme,
                }
            },
            "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
            # Otherwise the library sends figures about itself to Segment.
            "metrics": {"sampleRate": 0},
            "edgeFunction": {},
            "remotePlugins": [],
            "enabledMiddleware": {},
            "legacyVideoPluginsEnabled": False,
        }
    )
