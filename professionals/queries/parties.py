"""The parties graph, read outwards from the parties: the links within two steps, however large the rest is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from professionals.domain.parties import MAX_LINKS, Link
from professionals.models import Affiliation, Organisation, Professional


@dataclass
class Near:
    """What is within reach: nodes of the parties by role, links, and the names that are public."""

    targets: dict[str, str] = field(default_factory=dict)
    links: set[Link] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)


def near(
    *, users: dict[UUID, str], names: dict[str, str], people: dict[str, str], persons: dict[bytes, str], today: date
) -> Near:
    """Read two links outwards from parties, each given with its role; ten statements, however many people there are.

    ``users`` are accounts, ``names`` normal names of organisations, ``people`` normal names of persons, ``persons``
    their blind indexes.
    """
    found = Near()
    found.targets |= {f"person:{index.hex()}": role for index, role in persons.items()}
    found.targets |= _organised(found, names)
    known = Professional.objects.filter(Q(user_id__in=users) | Q(name_key__in=people))
    for one, user_id, name_key, name in known.values_list("id", "user_id", "name_key", "display_name"):
        found.targets[f"pro:{one}"] = users.get(user_id) or people[name_key]
        found.names[f"pro:{one}"] = name
    edge = set(found.targets)
    seen = set(edge)
    for step in range(MAX_LINKS):
        edge = _widen(found, edge, today, last=step == MAX_LINKS - 1) - seen
        seen |= edge
    return found


def _organised(found: Near, names: dict[str, str]) -> dict[str, str]:
    """The nodes of names, each with its role: the organisations so called, or else the name itself."""
    nodes = {f"name:{key}": role for key, role in names.items()}
    rows = Organisation.objects.filter(names__overlap=list(names)).order_by("id").values_list("id", "name", "names")
    for one, name, keys in rows:
        node = f"org:{one}"
        found.names[node], found.keys[node] = name, tuple(keys)
        for key in (key for key in names if key in keys):
            nodes[node] = names[key]
            nodes.pop(f"name:{key}", None)
    return nodes


def _widen(found: Near, edge: set[str], today: date, *, last: bool) -> set[str]:
    """Read every link of the nodes of ``edge``; returns the nodes at their ends.

    In the ``last`` step an organisation that is not near yet leads nowhere, so none is looked up by its name.
    """
    reached: set[str] = set()

    def link(one: str, other: str, kind: str) -> None:
        found.links.add(Link(one, other, kind))
        reached.update((one, other))

    orgs, pros = _ids(edge, "org:"), _ids(edge, "pro:")
    parts = Organisation.objects.filter(Q(id__in=orgs) | Q(part_of__in=orgs))
    for one, name, keys, whole in parts.values_list("id", "name", "names", "part_of_id"):
        found.names[f"org:{one}"], found.keys[f"org:{one}"] = name, tuple(keys)
        if whole:
            link(f"org:{one}", f"org:{whole}", "part_of")
    called = {key for node in edge for key in found.keys.get(node, (node[5:],) if node[:5] == "name:" else ())}
    working = Professional.objects.filter(Q(id__in=pros) | Q(organisation_key__in=called - {""}))
    told = list(working.values_list("id", "display_name", "organisation", "organisation_key"))
    given = {key for *_, key in told if key}
    if not last:
        _organised(found, dict.fromkeys(given, ""))
    nodes = _places(found, given)
    for one, name, organisation, key in told:
        found.names[f"pro:{one}"] = name
        for place in nodes.get(key, ()):
            found.names.setdefault(place, organisation)
            link(f"pro:{one}", place, "works_at")
    for owner, kind, organisation_id, colleague, index in _affiliations(edge, orgs, pros, today):
        others = ((organisation_id, "org:"), (colleague, "pro:"), (index and bytes(index).hex(), "person:"))
        for other, start in others:
            if other:
                link(f"pro:{owner}", f"{start}{other}", kind)
    return reached


def _places(found: Near, keys: set[str]) -> dict[str, list[str]]:
    """The nodes of each name that profiles give as their organisation."""
    nodes: dict[str, list[str]] = {key: [] for key in keys}
    for node, held in found.keys.items():
        for key in keys & set(held):
            nodes[key].append(node)
    return {key: held or [f"name:{key}"] for key, held in nodes.items()}


def _affiliations(edge: set[str], orgs: set[UUID], pros: set[UUID], today: date) -> Iterable[tuple[Any, ...]]:
    persons = [bytes.fromhex(node[7:]) for node in edge if node.startswith("person:")]
    mine = Q(professional__in=pros) | Q(colleague__in=pros) | Q(organisation__in=orgs) | Q(person_index__in=persons)
    rows = Affiliation.objects.filter(mine, Q(ended_on=None) | Q(ended_on__gt=today))
    return rows.values_list("professional_id", "kind", "organisation_id", "colleague_id", "person_index")


def _ids(nodes: set[str], start: str) -> set[UUID]:
    return {UUID(node[4:]) for node in nodes if node.startswith(start)}
