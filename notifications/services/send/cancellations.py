"""Taking back what has not begun to leave."""

from django.db.models import QuerySet

from config.kernel.db.states import advance_all
from notifications.db import database, now
from notifications.domain.delivery_reports import Happening
from notifications.domain.state_machines import DeliveryState
from notifications.models import Delivery

S = DeliveryState
NOT_BEGUN = frozenset({S.HELD, S.QUEUED})
# What nobody wanted, or what another message tells, has not begun either; there is nothing of it to take back.
BEGUN = frozenset(S) - NOT_BEGUN - {S.SKIPPED, S.FOLDED, S.CANCELLED}
_LINES = """
INSERT INTO notifications_deliveryevent (delivery_id, at, what, reason, provider, source_key)
SELECT id, %s, %s, %s, provider, '' FROM notifications_delivery WHERE id = ANY(%s)
"""


def take_back(rows: "QuerySet[Delivery]", reason: str) -> int:
    """Cancel those deliveries that have not begun to leave, each with its line in the timeline; inside ``atomic()``."""
    waiting = rows.filter(state__in=NOT_BEGUN)
    ids = list(waiting.select_for_update().order_by("id").values_list("id", flat=True))
    if not ids:
        return 0
    count = advance_all(Delivery.objects.filter(id__in=ids), S.CANCELLED, reason=reason)
    with database.connection.cursor() as cursor:
        cursor.execute(_LINES, [now(), str(Happening.CANCELLED), reason, ids])
    return count
