"""The documentation names everything that it promises to name, and its links lead somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands
from django.urls import URLPattern

from cxm.api_urls import router
from cxm.common.personal import PersonalData
from cxm.health.urls import urlpatterns as health_urls
from cxm.kpis.registry import metrics
from cxm.workspaces.keyscopes import SCOPES
from tests.test_architecture import FLOORS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted(
    [
        *DOCS.rglob("*.md"),
        *(ROOT / f"{name}.md" for name in ("README", "CHANGELOG", "CONTRIBUTING")),
    ]
)

# Methods of cxm.env.Environment, whose first argument is the name of a variable.
READERS = frozenset({"text", "flag", "whole", "listed"})
# Not ours: Python, Django and the terminal.
STANDARD = frozenset({"DJANGO_SETTINGS_MODULE", "PYTHONPATH"})

FENCE = re.compile(r"^\s*(`{3,}).*?^\s*\1\s*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def read(name: str) -> str:
    """Return a page of the reference."""
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def named(page: str) -> set[str]:
    """Return everything that a page names between backticks."""
    return set(re.findall(r"`([^`\n]+)`", page))


def variables_read() -> Iterator[str]:
    """Yield the environment variables that our code reads, found in its syntax."""
    for package in FLOORS:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    owner, method = ast.unparse(node.func.value), node.func.attr
                    from_process = owner == "os.environ" and method in {"get", "setdefault", "pop"}
                    if from_process or (owner == "env" and method in READERS):
                        yield from _texts(node.args[:1])
                elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                    yield from _texts([node.slice])


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    found = set()
    for heading in HEADING.findall(FENCE.sub("", page)):
        words = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
        found.add(words.strip().replace(" ", "-"))
    return found


def dead_links(path: Path) -> list[str]:
    """Return the relative links of a page that lead nowhere."""
    text = path.read_text(encoding="utf-8")
    dead = []
    for target in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z][a-z+.-]*:", target) or target.startswith("/"):
            continue
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        if not found.exists() or (
            anchor and anchor not in anchors(found.read_text(encoding="utf-8"))
        ):
            dead.append(target)
    return dead


def test_every_environment_variable_is_documented() -> None:
    wanted = set(variables_read()) - STANDARD
    assert "SECRET_KEY" in wanted, "the search finds nothing any more"
    assert wanted - named(read("settings")) == set()


def test_every_variable_of_the_compose_file_is_documented() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    assert wanted - named(read("settings")) == set()


def test_every_metric_is_documented() -> None:
    assert set(metrics) - named(read("metrics")) == set()


def test_every_scope_of_an_api_key_is_documented() -> None:
    assert set(SCOPES) - named(read("roles-and-scopes")) == set()


def test_every_command_is_documented() -> None:
    ours = {name for name, app in get_commands().items() if app.partition(".")[0] in FLOORS}
    assert {"up", "create_api_key"} <= ours
    assert ours - named(read("commands")) == set()


def test_every_health_address_is_documented() -> None:
    ours = {f"/health/{url.pattern}" for url in health_urls if isinstance(url, URLPattern)}
    assert ours - named(read("health")) == set()


def test_every_address_of_the_api_is_documented() -> None:
    ours = {f"/api/v1/{prefix}/" for prefix, _viewset, _name in router.registry}
    assert ours - named(read("api")) == set()


def test_everything_personal_is_documented() -> None:
    page = read("data-protection")
    missing = []
    for model in apps.get_models():
        declared = getattr(model, "personal_data", None)
        if not isinstance(declared, PersonalData):
            continue
        rows = [row for row in page.splitlines() if f"`{model._meta.label}`" in row]
        words = named("\n".join(rows))
        missing += [f"{model._meta.label}.{name}" for name in declared.fields if name not in words]
    assert missing == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    assert dead_links(path) == []


def test_every_page_is_in_the_index() -> None:
    index = DOCS / "README.md"
    linked = {
        (DOCS / target.partition("#")[0]).resolve()
        for target in LINK.findall(index.read_text(encoding="utf-8"))
    }
    assert {path for path in DOCS.rglob("*.md") if path != index} - linked == set()


def test_dead_links_and_unknown_headings_are_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One `two`, three\n[a](#one-two-three) [b](#four) [c](gone.md) [d](https://x.example)\n"
        "```sh\necho [e](also-gone.md)\n```\n",
        encoding="utf-8",
    )
    assert dead_links(page) == ["#four", "gone.md"]
