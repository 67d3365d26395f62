"""Contact data in raw rows as somebody sees it who did not ask to be shown it. Pure."""

from __future__ import annotations

import json
import re
from typing import Final

from cxm.customers.masking import DOTS, masked_email, masked_phone

_EMAIL: Final = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"\+\d[\d /().-]{6,18}\d")
# Names of fields whose text is hidden as a whole.
_TELLING: Final = re.compile(
    r"(?:^|_|\.|(?<=[a-z]))(?:name|firstname|lastname|email|mail|phone|mobile|address|street|ip)$",
    re.IGNORECASE,
)
# Names of what is no person's.
_HARMLESS: Final = frozenset({"event_name", "page_name", "utm_name", "product_name"})


def pretty(raw: str, *, shown: bool) -> str:
    """Return a raw row to be read; unless `shown`, contact data in it is masked."""
    try:
        content = json.loads(raw)
    except ValueError:
        return raw if shown else _masked_text(raw)
    return json.dumps(content if shown else _masked(content), ensure_ascii=False, indent=2)


def _masked(node: object, name: str = "", *, inside: str = "") -> object:
    if isinstance(node, dict):
        return {key: _masked(value, str(key), inside=name) for key, value in node.items()}
    if isinstance(node, list):
        return [_masked(value, name, inside=inside) for value in node]
    if isinstance(node, str):
        if node and _is_telling(name, inside):
            return masked_email(node) if "@" in node else DOTS
        return _masked_text(node)
    return node


def _is_telling(name: str, inside: str) -> bool:
    # An event's or campaign's own name is no person's; that in traits or a file's row is.
    if name == "name" and inside not in ("traits", "row", "customer"):
        return False
    return name not in _HARMLESS and _TELLING.search(name) is not None


def _masked_text(text: str) -> str:
    text = _EMAIL.sub(lambda found: masked_email(found[0]), text)
    return _PHONE.sub(lambda found: masked_phone(re.sub(r"[^\d+]", "", found[0])), text)
