"""Who stands too near to a party of a case. The graph is read outwards from the parties, two links far."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from config.kernel.crypto import blind_index
from professionals.db import now
from professionals.domain.parties import conflicts, normal_name
from professionals.queries.parties import near


@dataclass(frozen=True, kw_only=True)
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


def find_conflicts(*, parties: Iterable[Party]) -> dict[UUID, str]:
    """The specialists within two links of a party, each with the path in words; a bounded number of statements."""
    known = tuple(parties)
    if not known:
        return {}
    # Of parties that are one node the first one's role is told.
    backwards = known[::-1]
    found = near(
        users={party.user_id: party.role for party in backwards if party.user_id is not None},
        names={name: party.role for party in backwards for name in _names(party)},
        people={normal_name(party.name): party.role for party in backwards if normal_name(party.name)},
        persons={person_index(text): party.role for party in backwards for text in _persons(party)},
        today=now().date(),
    )
    paths = conflicts(found.links, found.targets)
    return {UUID(node[4:]): paths[node].explained(found.names) for node in sorted(paths) if node.startswith("pro:")}


def conflict_of(*, professional_id: UUID, parties: Iterable[Party]) -> str | None:
    """The path from one specialist to a party, in words; ``None`` when there is none within two links."""
    return find_conflicts(parties=parties).get(professional_id)


def _names(party: Party) -> set[str]:
    """A facility, payer or maker is named by its own name."""
    texts = (text for text in (party.name, party.email) if "@" not in text)
    return {normal_name(text) for text in (*texts, party.organisation)} - {""}


def _persons(party: Party) -> Iterable[str]:
    return (text for text in (party.name, party.email) if text.strip())
