"""Fair shares of a queue's processes: whoever has one gets no second while somebody waits who has none.

For jobs with a concurrency key, which are long. Whoever waits behind a busy key could not be served,
so that nobody waits for them.
"""

from config.kernel.jobs.states import CLAIM


def beyond_share(*, running: str) -> str:
    """SQL: whether the row of ``{job}`` must wait because others do.

    ``running`` is the condition under which the row ``mine``, on the same person's behalf, holds a process.
    """
    return f"""(
    {{job}}.share_of IS NOT NULL AND EXISTS (
        SELECT 1 FROM {{job}} AS mine
        WHERE mine.concurrency_key <> '' AND mine.share_of = {{job}}.share_of
            AND mine.queue = {{job}}.queue AND {running}
    ) AND EXISTS (
        SELECT 1 FROM {{job}} AS other
        WHERE other.concurrency_key <> '' AND other.state = {CLAIM.source} AND other.run_after <= clock_timestamp()
            AND other.queue = {{job}}.queue AND other.share_of IS DISTINCT FROM {{job}}.share_of AND NOT EXISTS (
                SELECT 1 FROM {{job}} AS busy WHERE busy.concurrency_key <> '' AND busy.state = {CLAIM.target} AND (
                    busy.concurrency_key = other.concurrency_key
                    OR (busy.share_of = other.share_of AND busy.queue = other.queue)
                )
            )
    ))"""
