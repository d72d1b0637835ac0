"""Which resource of a bundle a reference means (https://hl7.org/fhir/R4/bundle.html#references).

A resource is its server *and* its id: the same id on another server is another thing. A relative reference is of the
server of the entry that it stands in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cases.domain.records.fhir_values import Resource, mapping, sequence, text

_REST = re.compile(r"(?:https?://(?P<server>.+)/)?(?P<name>[A-Z][A-Za-z]+/[A-Za-z0-9.\-]{1,64})")
_VERSION = re.compile(r"/_history/[^/]+$")


@dataclass(frozen=True)
class Entry:
    """One entry of a bundle; ``place`` is how its number and kind are told."""

    number: int
    url: str
    resource: Resource

    @property
    def kind(self) -> str:
        """The resource's type."""
        return str(self.resource["resourceType"])

    @property
    def server(self) -> str | None:
        """The server that holds it, as far as its ``fullUrl`` says."""
        found = _REST.fullmatch(self.url)
        return found["server"].lower() if found and found["server"] else None

    @property
    def name(self) -> str:
        """Type and id."""
        identity = text(self.resource.get("id"))
        if identity:
            return f"{self.kind}/{identity}"
        found = _REST.fullmatch(self.url)
        return found["name"] if found else ""

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return f"entry {self.number}" + (f" ({self.name})" if self.name else f" ({self.kind})")


@dataclass
class References:
    """The entries of one bundle by all that may name them."""

    entries: Iterable[Entry]
    _by_url: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    _by_name: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for entry in self.entries:
            if entry.url:
                self._by_url[_plain(entry.url)].append(entry)
            if entry.name:
                self._by_name[entry.name].append(entry)

    def candidates(self, reference: str, origin: Entry) -> list[Entry]:
        """The entries that a reference in ``origin`` may mean."""
        found = self._by_url.get(_plain(reference))
        if found is None:
            parts = _REST.fullmatch(_VERSION.sub("", reference.strip()))
            if parts is None:
                return []
            server = parts["server"].lower() if parts["server"] else origin.server
            found = [one for one in self._by_name.get(parts["name"], ()) if _of_one_server(one.server, server)]
        return found

    def entry(self, reference: str, origin: Entry) -> Entry | None:
        """The entry that a reference in ``origin`` means; ``None`` for none, and for several that are not one thing."""
        found = self.candidates(reference, origin)
        if len(found) > 1 and found[0].server and len({(one.server, one.name) for one in found}) == 1:
            # Versions of one thing: the newest.
            return max(found, key=lambda one: text(mapping(one.resource.get("meta")).get("lastUpdated")))
        return found[0] if len(found) == 1 else None

    def resource(self, reference: Any, origin: Entry) -> Resource:
        """What a Reference of ``origin`` means, contained or in the bundle; empty where it is in neither."""
        named = text(mapping(reference).get("reference"))
        if named.startswith("#"):
            return contained(origin.resource, named)
        found = self.entry(named, origin) if named else None
        return found.resource if found else {}

    def servers_of(self, name: str, references: Iterable[str]) -> set[str]:
        """On which servers absolute references look for this type and id."""
        parts = (_REST.fullmatch(_VERSION.sub("", one.strip())) for one in references)
        return {part["server"].lower() for part in parts if part and part["server"] and part["name"] == name}


def contained(resource: Resource, reference: str) -> Resource:
    """The resource that another one carries within itself."""
    for each in sequence(resource.get("contained")):
        if text(mapping(each).get("id")) == reference.removeprefix("#"):
            return mapping(each)
    return {}


def references_in(resource: Resource, *fields: str) -> Iterator[Resource]:
    """The References in these fields, of which some releases allow several."""
    for name in fields:
        yield from (mapping(each) for each in sequence(resource.get(name)))


def _plain(reference: str) -> str:
    """A reference without version and scheme: both protocols lead to one server."""
    return re.sub(r"^https?://", "//", _VERSION.sub("", reference.strip()))


def _of_one_server(held: str | None, wanted: str | None) -> bool:
    return held is None or wanted is None or held == wanted
