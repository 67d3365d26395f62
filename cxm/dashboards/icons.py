"""The icon set, drawn for this product: name → (size of the square it is drawn in, shapes).

Lines only, drawn with the current colour; `{% icon "name" %}` wraps them. The shapes are
constants of ours, so they may be marked safe.
"""

from __future__ import annotations

from typing import Final

ICONS: Final[dict[str, tuple[int, str]]] = {
    "act": (20, '<path d="M5 17V3.5h10.5L13 7.2l2.5 3.8H5"/>'),
    "app": (
        16,
        '<rect x="4.5" y="1.8" width="7" height="12.4" rx="1.6"/><path d="M7.3 12h1.4"/>',
    ),
    "arrow-down": (20, '<path d="M10 4v11.5M5 10.5l5 5 5-5"/>'),
    "arrow-up": (20, '<path d="M10 16V4.5M5 9.5l5-5 5 5"/>'),
    "ask": (20, '<path d="M3.5 4h13v9.5H9L5 17v-3.5H3.5z"/>'),
    "back": (16, '<path d="M9.5 3.5L5 8l4.5 4.5"/>'),
    "bolt": (16, '<path d="M9 1.8L3.5 9H8l-1 5.2L12.5 7H8z"/>'),
    "bulb": (
        16,
        '<path d="M5.8 11c0-1.3-2-2.2-2-4.7a4.2 4.2 0 018.4 0c0 2.5-2 3.4-2 4.7zM6.3 13.5h3.4"/>',
    ),
    "calendar": (20, '<path d="M3.5 5h13v12h-13zM3.5 9h13M7 3v3.5M13 3v3.5"/>'),
    "card": (20, '<path d="M2.5 5h15v10.5h-15zM2.5 8.5h15M5.5 12.5h4"/>'),
    "cart": (
        20,
        '<path d="M2.5 4h2l2 8.5h8.5L17 6.5H5.2"/><circle cx="8" cy="16" r="1.2"/><circle c'
        'x="14" cy="16" r="1.2"/>',
    ),
    "case": (20, '<path d="M3 7h14v9H3zM7 7V4.2h6V7M3 11h14"/>'),
    "check": (20, '<path d="M4 10.5l4 4 8-9"/>'),
    "clock": (20, '<circle cx="10" cy="10" r="7"/><path d="M10 6v4.3l2.8 1.7"/>'),
    "collect": (20, '<path d="M3 11.5V16h14v-4.5M10 3.5v8.5M6.5 8.5 10 12l3.5-3.5"/>'),
    "comment": (
        16,
        '<path d="M3 3h10a1 1 0 011 1v6a1 1 0 01-1 1H8l-3.5 2.8V11H3a1 1 0 01-1-1V4a1 1 0 '
        '011-1z"/>',
    ),
    "cross": (20, '<path d="M5 5l10 10M15 5L5 15"/>'),
    "dash": (20, '<path d="M4 10h12"/>'),
    "down": (20, '<path d="M5.5 8l4.5 4.5L14.5 8"/>'),
    "export": (16, '<path d="M8 10V2.5M5 5l3-3 3 3M3 9.5v3.5h10V9.5"/>'),
    "eye": (
        16,
        '<path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z"/><circle c'
        'x="8" cy="8" r="1.8"/>',
    ),
    "flag": (
        16,
        '<path fill="currentColor" d="M4 3h8.5l-2.2 2.8 2.2 2.7H4z"/><path d="M4 2.5V14"/>',
    ),
    "flow": (
        16,
        '<rect x="1.5" y="5.5" width="4" height="5" rx="1"/><rect x="10.5" y="5.5" width="4" '
        'height="5" rx="1"/><path d="M5.5 8h5"/>',
    ),
    "home": (
        20,
        '<path d="M3 9.5 10 4l7 5.5V16a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z"/><path d="M8 17v-5h4v5"/>',
    ),
    "inbox": (
        16,
        '<path d="M2.5 9l2-6h7l2 6v4h-11z"/><path d="M2.5 9H6c.2 1.3.9 2 2 2s1.8-.7 2-2h3.5"/>',
    ),
    "key": (
        20,
        '<circle cx="6.5" cy="13.5" r="3"/><path d="M8.7 11.3 16 4M13 7l2 2M15 5l1.5 1.5"/>',
    ),
    "leave": (20, '<path d="M11.5 4H4v12h7.5M8.5 10H17M13.5 6.5 17 10l-3.5 3.5"/>'),
    "lock": (20, '<path d="M4.5 9h11v8h-11zM7 9V6.3a3 3 0 0 1 6 0V9"/>'),
    "mail": (
        16,
        '<rect x="2" y="3.5" width="12" height="9" rx="1.5"/><path d="M2.5 4.5L8 9l5.5-4.5"/>',
    ),
    "map": (
        16,
        '<path d="M2 4l4-2 4 2 4-2v10l-4 2-4-2-4 2z"/><path d="M6 2v10M10 4v10"/>',
    ),
    "mark": (
        20,
        '<circle cx="4.5" cy="15.5" r="1.8"/><circle cx="15.5" cy="4.5" r="1.8"/><path d="M'
        '6.5 15.5h6.6a2.75 2.75 0 0 0 0-5.5H7a2.75 2.75 0 0 1 0-5.5h6.5"/>',
    ),
    "menu": (20, '<path d="M3.5 5.5h13M3.5 10h13M3.5 14.5h13"/>'),
    "moon": (20, '<path d="M16 12.2A6.6 6.6 0 0 1 7.8 4a6.6 6.6 0 1 0 8.2 8.2z"/>'),
    "more": (
        16,
        '<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.4"/>',
    ),
    "need-met": (
        16,
        '<circle cx="8" cy="8" r="5.5"/><path d="M5.5 8.2l1.8 1.8 3.3-3.8"/>',
    ),
    "need-partly": (
        16,
        '<circle cx="8" cy="8" r="5.5"/><path fill="currentColor" stroke="none" d="M8 2.5a'
        '5.5 5.5 0 000 11z"/>',
    ),
    "need-unmet": (16, '<circle cx="8" cy="8" r="5.5"/><path d="M6 6l4 4M10 6l-4 4"/>'),
    "open": (20, '<path d="M3.5 14V4h9M8 9l8.5 0M13 5.5 16.5 9 13 12.5"/>'),
    "people": (
        20,
        '<circle cx="7.5" cy="7.5" r="2.7"/><path d="M2.5 16c.4-3 2.2-4.5 5-4.5s4.6 1.5 5 '
        '4.5M13 5a2.6 2.6 0 0 1 0 5M14.5 12c1.9.5 2.9 1.9 3.1 4"/>',
    ),
    "phone": (
        16,
        '<path d="M4 2.5l2 .1 1 2.9-1.5 1.2c.7 1.7 1.9 3 3.7 3.8l1.3-1.5 2.9 1.1v2c0 .9-.8 '
        '1.4-1.6 1.3C6.9 12.9 3 8.8 2.6 4c0-.8.5-1.5 1.4-1.5z"/>',
    ),
    "place": (
        20,
        '<path d="M10 17.5s5.5-5 5.5-9a5.5 5.5 0 0 0-11 0c0 4 5.5 9 5.5 9z"/><circle cx="10" '
        'cy="8.5" r="1.8"/>',
    ),
    "plus": (16, '<path d="M8 3.5v9M3.5 8h9"/>'),
    "redo": (16, '<path d="M10.5 3l3 3-3 3"/><path d="M13 6H6.5a3.5 3.5 0 000 7H9"/>'),
    "repeat": (
        16,
        '<path d="M3 7a5 5 0 018.8-2.4L13 6M13 2.8V6H9.8M13 9a5 5 0 01-8.8 2.4L3 10M3 13.2V'
        '10h3.2"/>',
    ),
    "right": (16, '<path d="M3.5 8h9M9 4.5L12.5 8 9 11.5"/>'),
    "score": (20, '<path d="M4.5 16v-5M10 16V4.5M15.5 16V8"/>'),
    "screen": (20, '<path d="M3 4h14v9.5H3zM7.5 17h5M10 13.5V17"/>'),
    "search": (16, '<circle cx="7" cy="7" r="4.2"/><path d="M10.2 10.2l3.3 3.3"/>'),
    "settings": (
        20,
        '<path d="M3 6h7.5M15.5 6H17M3 14h1.5M9.5 14H17"/><circle cx="13" cy="6" r="2.3"/><ci'
        'rcle cx="7" cy="14" r="2.3"/>',
    ),
    "share": (
        16,
        '<circle cx="4" cy="8" r="1.8"/><circle cx="12" cy="3.8" r="1.8"/><circle cx="12" c'
        'y="12.2" r="1.8"/><path d="M5.6 7.2l4.8-2.5M5.6 8.8l4.8 2.5"/>',
    ),
    "shop": (
        16,
        '<path d="M2.5 6.5L3.5 3h9l1 3.5M3.5 8v5.5h9V8M2.5 6.5c0 2 2.7 2 2.7 0 0 2 2.8 2 2.8 '
        '0 0 2 2.8 2 2.8 0 0 2 2.7 2 2.7 0z"/>',
    ),
    "sms": (
        16,
        '<path d="M2.5 3.5h11v7H7l-3 2.5v-2.5H2.5z"/><path d="M5.5 7h.1M8 7h.1M10.5 7h.1"/>',
    ),
    "sun": (
        20,
        '<circle cx="10" cy="10" r="3.2"/><path d="M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M'
        '4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M15.3 4.7l-1.4 1.4M6.1 13.9l-1.4 1.4"/>',
    ),
    "survey": (
        16,
        '<rect x="3" y="2.5" width="10" height="11.5" rx="1.5"/><path d="M5.5 6l1 1 1.5-1.8M'
        '9.8 6.2h1M5.5 10l1 1L8 9.2M9.8 10.2h1"/>',
    ),
    "table": (20, '<path d="M3 4.5h14v11H3zM3 8.5h14M8 8.5v7"/>'),
    "truck": (
        16,
        '<path d="M1.5 4h8v7h-8zM9.5 6.5h3l2 2.5v2h-5z"/><circle cx="4.5" cy="11.8" r="1.4"/>'
        '<circle cx="11.8" cy="11.8" r="1.4"/>',
    ),
    "undo": (16, '<path d="M5.5 3L2.5 6l3 3"/><path d="M3 6h6.5a3.5 3.5 0 010 7H7"/>'),
    "video": (
        16,
        '<rect x="2" y="3.5" width="12" height="9" rx="2"/><path d="M7 6.2v3.6L10 8z"/>',
    ),
    "warn": (16, '<path d="M8 2.5l6 11H2z"/><path d="M8 6.5v3M8 11.5v.1"/>'),
    "web": (
        16,
        '<circle cx="8" cy="8" r="5.8"/><path d="M2.2 8h11.6M8 2.2c4 3.6 4 8 0 11.6M8 2.2c-4 '
        '3.6-4 8 0 11.6"/>',
    ),
    "wrench": (
        16,
        '<path d="M13.3 4.3l-2 2-1.7-.4-.4-1.7 2-2a3.6 3.6 0 00-4.8 4.6L2.5 10.7a1.6 1.6 0 '
        '002.3 2.3l3.9-3.9a3.6 3.6 0 004.6-4.8z"/>',
    ),
}
