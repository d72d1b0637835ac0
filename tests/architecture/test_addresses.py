"""Who may call it is declared beside every address."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, path

from config.kernel.api.policies import Policy, public

# The admin site asks for staff itself, on every page.
OTHERS = ("admin/", "static/")


def test_every_address_names_its_policy() -> None:
    undeclared = [address for address, view in _views(get_resolver().url_patterns) if not _declares(view)]
    assert not undeclared, "\n".join(undeclared)


def test_an_address_without_a_policy_is_found() -> None:
    def bare(request: Any) -> None: ...

    def declared(request: Any) -> None: ...

    declared.policy = public()
    found = [address for address, view in _views([path("a", bare), path("b", declared)]) if not _declares(view)]
    assert found == ["a"]


def _declares(view: Any) -> bool:
    behind = getattr(view, "view_class", None) or getattr(view, "cls", None)
    return any(isinstance(getattr(place, "policy", None), Policy) for place in (view, behind))


def _views(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if address.startswith(OTHERS):
            continue
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback
