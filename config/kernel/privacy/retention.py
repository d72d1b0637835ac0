"""How long what is kept: rules by name, a list of what is due before anything goes, and the daily run.

A rule finds the rows whose time is over. Plumbing (finished jobs, sent events, ended links) is deleted as it falls due.
What tells of a patient's care is listed first (``notice_days``): it goes only when it is still due after that time, so
that staff can look at the list and place a legal hold.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import models, transaction

from config.kernel import clock
from config.kernel.audit import record
from config.kernel.conf import setting
from config.kernel.db.router import alias_of, context_labels
from config.kernel.feeds.cursors import passed_by_every_feed
from config.kernel.jobs.states import JobState
from config.kernel.outbox.states import OutboxState
from config.kernel.ports import ContextPort

Rows = models.QuerySet[Any]
Finder = Callable[[datetime], Rows]
_BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Keep what ``find`` gives, the rows that ended before an instant, for ``days``, because of ``basis``.

    ``remove`` takes out one row by its id; without it rows are deleted. With ``notice_days``, the context has a table
    ``RetentionListing``. A context provides its rules by the port ``RETENTION_RULES``; ``name`` is ``context.subject``.
    """

    name: str
    days: int
    basis: str
    find: Finder
    remove: Callable[[Any], None] | None = None
    notice_days: int = 0

    @property
    def context(self) -> str:
        """The context that owns the rows."""
        return self.name.partition(".")[0]

    @property
    def kept_days(self) -> int:
        """The days that hold here: the setting's, or the rule's own."""
        return int(setting("RETENTION_DAYS").get(self.name, self.days))

    def due(self) -> Rows:
        """The rows whose time is over now."""
        found = self.find(clock.now() - timedelta(days=self.kept_days))
        return found.using(alias_of(self.context)).order_by("pk")


@dataclass(frozen=True)
class Due:
    """One line of the dry run. ``ripe`` of the ``due`` rows go with the next run; the others wait out their notice."""

    rule: str
    days: int
    basis: str
    due: int
    ripe: int
    ids: tuple[str, ...]


RETENTION_RULES: ContextPort[tuple[Rule, ...]] = ContextPort("retention_rules")


def rules(context: str | None = None) -> tuple[Rule, ...]:
    """All rules, or one context's, by name: what it provides, and what every context has."""
    contexts = context_labels() if context is None else (context,)
    found = [rule for one in contexts for rule in (*_plumbing(one), *RETENTION_RULES.of(one))]
    return tuple(sorted(found, key=lambda rule: rule.name))


def plan(context: str, *, ids: int = 0) -> tuple[Due, ...]:
    """What the next run would find, without doing anything; the first ``ids`` ids of each rule."""
    return tuple(_looked_at(rule, ids) for rule in rules(context))


def apply_rules(context: str) -> dict[str, int]:
    """Take out what is due and has been listed long enough; returns how many rows by rule."""
    return {rule.name: _listed_first(rule) if rule.notice_days else _at_once(rule) for rule in rules(context)}


def every_setting_names_a_rule(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E005: days that were meant for a rule that does not exist would keep, or lose, something in silence."""
    problems: list[CheckMessage] = []
    names = [rule.name for rule in rules()]
    for name, days in setting("RETENTION_DAYS").items():
        if name not in names:
            text = f"RETENTION_DAYS names {name}; there are {', '.join(names)}."
            problems.append(Error(text, id="kernel.E005"))
        elif int(days) < 1:
            problems.append(Error(f"RETENTION_DAYS: {name} must be a day at least.", id="kernel.E005"))
    return problems


def _looked_at(rule: Rule, ids: int) -> Due:
    rows = rule.due()
    ripe = rows
    if rule.notice_days:
        ripe = rows.filter(pk__in=_listings(rule).filter(listed_at__lte=_noticed(rule)).values("object_id"))
    shown = tuple(str(pk) for pk in rows.values_list("pk", flat=True)[:ids]) if ids else ()
    return Due(rule.name, rule.kept_days, rule.basis, rows.count(), ripe.count(), shown)


def _at_once(rule: Rule) -> int:
    gone = 0
    while batch := list(rule.due().values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic(using=alias_of(rule.context)):
            if rule.remove is None:
                rule.due().filter(pk__in=batch).delete()
            else:
                for pk in batch:
                    rule.remove(pk)
            _note(rule, "retention.delete", len(batch))
        gone += len(batch)
    return gone


def _listed_first(rule: Rule) -> int:
    assert rule.remove is not None
    due = set(rule.due().values_list("pk", flat=True))
    with transaction.atomic(using=alias_of(rule.context)):
        listed = set(_listings(rule).values_list("object_id", flat=True))
        _listings(rule).filter(object_id__in=listed - due).delete()
        entry = _listing_model(rule)
        entry._default_manager.bulk_create(
            [entry(rule=rule.name, object_id=pk, listed_at=clock.now()) for pk in sorted(due - listed)],
            ignore_conflicts=True,
        )
        if due - listed:
            _note(rule, "retention.list", len(due - listed))
    ripe = list(_listings(rule).filter(listed_at__lte=_noticed(rule)).values_list("object_id", flat=True))
    for pk in ripe:
        with transaction.atomic(using=alias_of(rule.context)):
            # Looked at again: a hold may have been placed since the list was read.
            if _listings(rule).filter(object_id=pk).delete()[0] and rule.due().filter(pk=pk).exists():
                rule.remove(pk)
    return len(ripe)


def _noticed(rule: Rule) -> datetime:
    return clock.now() - timedelta(days=rule.notice_days)


def _listing_model(rule: Rule) -> Any:
    return apps.get_model(rule.context, "RetentionListing")


def _listings(rule: Rule) -> Rows:
    rows: Rows = _listing_model(rule)._default_manager.using(alias_of(rule.context)).filter(rule=rule.name)
    return rows


def _note(rule: Rule, action: str, rows: int) -> None:
    record(context=rule.context, action=action, object_type="retention_rule", detail={"rule": rule.name, "rows": rows})


def _plumbing(context: str) -> Iterator[Rule]:
    """The rules that every context has: its outbox, inbox, jobs and answered POSTs."""

    def finder(table: str, **ended: Any) -> Finder:
        stamp = next(name for name in ended if name.endswith("__lt"))

        def find(before: datetime) -> Rows:
            rows: Rows = apps.get_model(context, table)._default_manager.filter(**{**ended, stamp: before})
            passed = passed_by_every_feed(context) if table == "OutboxEntry" else None
            return rows if passed is None else rows.filter(passed)

        return find

    plumbing = (
        (
            "jobs",
            "Job",
            30,
            "finished work; dead jobs stay until somebody looks",
            {"state": JobState.DONE, "finished_at__lt": 0},
        ),
        (
            "events",
            "OutboxEntry",
            30,
            "delivered events, sent by every feed; dead ones stay",
            {"status": OutboxState.SENT, "sent_at__lt": 0},
        ),
        ("taken_events", "InboxEntry", 90, "longer than any event can be sent again", {"received_at__lt": 0}),
        ("answers", "IdempotencyKey", 1, "a retried POST gets its answer for a day", {"created_at__lt": 0}),
    )
    for name, table, days, basis, ended in plumbing:
        yield Rule(name=f"{context}.{name}", days=days, basis=basis, find=finder(table, **ended))
