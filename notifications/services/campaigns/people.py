"""The people of an audience, a page at a time, each asked of the context that knows."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from cases.services import casefile
from identity import services as identity
from notifications.domain.audience import SMALL, Audience
from notifications.domain.schedule import UNKNOWN
from notifications.services.campaigns.dto import AudienceCount
from professionals import services as professionals

PAGE = 1_000
MAX_COUNTED = 100_000


def page_of(audience: Audience, after: UUID | None) -> tuple[tuple[identity.PersonMatch, ...], UUID | None]:
    """The people of one page, and the id to go on after; ``None`` on the last page."""
    found = identity.people_matching(
        attributes=identity.PeopleFilter(
            roles=audience.roles, locales=audience.locales, countries=audience.countries, zones=audience.zones
        ),
        after=after,
        limit=PAGE,
    )
    following = found[-1].user_id if len(found) == PAGE else None
    ids = {person.user_id for person in found}
    if audience.specialties and ids:
        ids &= professionals.specialists_among(user_ids=ids, specialties=audience.specialties)
    if audience.has_open_case is not None and ids:
        having = casefile.people_with_open_case(user_ids=ids)
        ids = ids & having if audience.has_open_case else ids - having
    return tuple(person for person in found if person.user_id in ids), following


def people_of(audience: Audience) -> Iterator[identity.PersonMatch]:
    """All of them, as they are now."""
    after: UUID | None = None
    while True:
        page, after = page_of(audience, after)
        yield from page
        if after is None:
            return


def count_audience(audience: Audience) -> AudienceCount:
    """How many there are now, by language and zone; beyond the bound it says that there are more."""
    people, more = 0, False
    locales: Counter[str] = Counter()
    zones: Counter[str] = Counter()
    for person in people_of(audience):
        if people == MAX_COUNTED:
            more = True
            break
        people += 1
        locales[person.locale] += 1
        zones[person.zone or UNKNOWN] += 1
    return AudienceCount(
        people=people,
        more=more,
        small=people < SMALL,
        by_locale=dict(locales.most_common()),
        by_zone=dict(zones.most_common()),
    )
