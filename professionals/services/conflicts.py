"""Who stands too near to a party of a case. The graph is read outwards from the parties, two links far."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from config.kernel.crypto import blind_index
from professionals.db import now
from professionals.domain.parties import Link, conflicts, normal_name
from professionals.models import Affiliation, Organisation, Professional


@dataclass(frozen=True)
class Party:
    """Somebody or something with an interest in the case: a ``role`` and what is known of them."""

    role: str
    name: str = ""
    email: str = ""
    organisation: str = ""
    user_id: UUID | None = None


def person_index(text: str) -> bytes:
    """By which a person's name or address is found without being kept."""
    return blind_index("party", normal_name(text) if "@" not in text else text)


def find_conflicts(*, parties: Iterable[Party], specialty: str | None = None) -> dict[UUID, str]:
    """Of the specialists (of ``specialty``) those within two links of a party, each with the path in words.

    A fixed number of statements, however many specialists there are.
    """
    known = tuple(parties)
    if not known:
        return {}
    nodes = {node: party.role for party in reversed(known) for node in _nodes(party)}
    organisations = list(Organisation.objects.select_related("part_of"))
    canonical = {name: f"org:{o.id}" for o in organisations for name in o.names}
    targets = {_canonical(node, canonical): role for node, role in nodes.items()}
    people = {normal_name(party.name): party.role for party in reversed(known) if party.name.strip()}
    rows = Professional.objects.values_list("id", "user_id", "organisation", "display_name", "specialty")
    links, names, asked = [], {f"org:{o.id}": o.name for o in organisations}, set()
    for professional_id, user_id, organisation, display_name, field in rows.iterator():
        node = f"pro:{professional_id}"
        if specialty is None or field == specialty:
            asked.add(node)
        names[node] = display_name
        role = targets.get(f"user:{user_id}") or people.get(normal_name(display_name))
        if role is not None:
            targets[node] = role
        if organisation.strip():
            place = _canonical(f"name:{normal_name(organisation)}", canonical)
            names.setdefault(place, organisation)
            links.append(Link(node, place, "works_at"))
    links += _affiliations(now().date())
    links += [Link(f"org:{o.id}", f"org:{o.part_of_id}", "part_of") for o in organisations if o.part_of_id]
    found = conflicts(links, targets)
    return {UUID(node[4:]): found[node].explained(names) for node in sorted(asked & found.keys())}


def conflict_of(*, professional_id: UUID, parties: Iterable[Party]) -> str | None:
    """The path from one specialist to a party, in words; ``None`` when there is none within two links."""
    return find_conflicts(parties=parties).get(professional_id)


def _affiliations(today: date) -> list[Link]:
    rows = Affiliation.objects.filter(Q(ended_on=None) | Q(ended_on__gt=today))
    found = []
    for owner, kind, organisation, colleague, index in rows.values_list(
        "professional_id", "kind", "organisation_id", "colleague_id", "person_index"
    ):
        if organisation:
            found.append(Link(f"pro:{owner}", f"org:{organisation}", kind))
        if colleague:
            found.append(Link(f"pro:{owner}", f"pro:{colleague}", kind))
        if index:
            found.append(Link(f"pro:{owner}", f"person:{bytes(index).hex()}", kind))
    return found


def _nodes(party: Party) -> Iterable[str]:
    if party.user_id is not None:
        yield f"user:{party.user_id}"
    for text in (party.name, party.email):
        if text.strip():
            yield f"person:{person_index(text).hex()}"
            # A facility, payer or maker is named by its own name.
            if "@" not in text:
                yield f"name:{normal_name(text)}"
    if party.organisation.strip():
        yield f"name:{normal_name(party.organisation)}"


def _canonical(node: str, canonical: dict[str, str]) -> str:
    kind, _, name = node.partition(":")
    return canonical.get(name, node) if kind == "name" else node
