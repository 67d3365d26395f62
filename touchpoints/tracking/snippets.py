"""Code to copy, with address and key filled in: pure text. docs/reference/tracking-codes.md."""

from __future__ import annotations

from dataclasses import dataclass

KEY_TO_FILL_IN = "YOUR_WRITE_KEY"


@dataclass(frozen=True, slots=True)
class Example:
    """Code in one language; `name` is the language, `file` what the file would be called."""

    key: str
    name: str
    code: str


def web_tag(site: str, key: str) -> str:
    """Return the one tag that a website needs."""
    return f'<script async src="{site}/t.js" data-key="{key}"></script>'


def policy_lines(site: str) -> str:
    """Return what a page's content security policy must allow."""
    return f"script-src {site};\nconnect-src {site};"


def consent_example() -> str:
    """Return how a page tells what somebody agreed to."""
    return (
        "window.cxm = window.cxm || [];\n"
        "// when somebody agrees, and false when they take it back\n"
        'cxm.push(["consent", true]);'
    )


def event_example() -> str:
    """Return how a page tells of an event of its own, by markup and by script."""
    return (
        '<button data-cxm-event="Plan Chosen" data-cxm-plan="pro">Choose Pro</button>\n'
        "\n"
        "<script>\n"
        "window.cxm = window.cxm || [];\n"
        'cxm.push(["track", "Order Completed", {total: 129.9, currency: "EUR"}]);\n'
        'cxm.push(["identify", "customer-4711", {plan: "pro"}]);\n'
        "</script>"
    )


def server_examples(site: str, key: str) -> tuple[Example, ...]:
    """Return the same event from Python, Node and a shell."""
    return (
        Example(
            "python",
            "Python",
            "# pip install segment-analytics-python\n"
            "import segment.analytics as analytics\n"
            "\n"
            f'analytics.host = "{site}"\n'
            f'analytics.write_key = "{key}"\n'
            "\n"
            "analytics.track(\n"
            '    "customer-4711",\n'
            '    "Order Completed",\n'
            '    {"total": 129.9, "currency": "EUR"},\n'
            ")\n"
            "analytics.flush()",
        ),
        Example(
            "node",
            "Node",
            "// npm install @segment/analytics-node\n"
            'import { Analytics } from "@segment/analytics-node";\n'
            "\n"
            f'const analytics = new Analytics({{ writeKey: "{key}", host: "{site}" }});\n'
            "\n"
            "analytics.track({\n"
            '  userId: "customer-4711",\n'
            '  event: "Order Completed",\n'
            '  properties: { total: 129.9, currency: "EUR" },\n'
            "});\n"
            "await analytics.closeAndFlush();",
        ),
        Example(
            "curl",
            "curl",
            f"curl {site}/v1/track \\\n"
            f"  --user {key}: \\\n"
            "  --json '{\n"
            '    "userId": "customer-4711",\n'
            '    "event": "Order Completed",\n'
            '    "messageId": "order-1001",\n'
            '    "properties": {"total": 129.9, "currency": "EUR"}\n'
            "  }'",
        ),
    )


def click_address(site: str, code: str) -> str:
    """Return the address that leads to where a placement leads, and counts the click."""
    return f"{site}/c/{code}"


def pixel_tag(site: str, code: str) -> str:
    """Return the picture that counts a view."""
    return f'<img src="{site}/p/{code}.gif" width="1" height="1" alt="">'
