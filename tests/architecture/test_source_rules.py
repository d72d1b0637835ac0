"""The rules that no import linter sees hold on the tree, and each refuses what it is there for."""

import ast
from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.tree import ROOT, parsed, product_files

PLANTED = [
    (rules.foreign_models, "analysis/services/x.py", 'Case = apps.get_model("cases", "Case")\n'),
    (rules.foreign_models, "identity/admin.py", 'Case = apps.get_model("cases.Case")\n'),
    (rules.foreign_addresses, "analysis/services/x.py", 'import_module("cases.models.cases")\n'),
    (rules.foreign_addresses, "cases/services/x.py", 'import_string("identity.services.get_account")\n'),
    (rules.foreign_addresses, "config/kernel/x.py", 'import_string("cases.models.Case")\n'),
    (rules.foreign_tables, "analysis/queries.py", 'SQL = "SELECT id FROM cases.cases_case"\n'),
    (rules.foreign_tables, "analysis/queries.py", 'SQL = "UPDATE identity_user SET active = false"\n'),
    (rules.foreign_tables, "cases/queries.py", 'SQL = "SELECT 1 FROM a JOIN \\"professionals\\".\\"x\\""\n'),
    (rules.foreign_tables, "cases/queries.py", 'SQL = f"SELECT 1 FROM notifications_notice WHERE id = {x}"\n'),
    (rules.settings_outside_config, "cases/services/x.py", "from django.conf import settings\n"),
    (rules.settings_outside_config, "cases/services/x.py", "import django.conf\n"),
    (
        rules.guarded_imports,
        "cases/apps.py",
        'if find_spec(f"cases.{module}"):\n    import_module(f"cases.{module}")\n',
    ),
    (rules.guarded_imports, "config/urls.py", 'there = util.find_spec("identity.pages.urls")\n'),
    (rules.bare_transactions, "cases/services/x.py", "from django.db import transaction\n"),
    (rules.bare_transactions, "cases/services/x.py", "from django.db.transaction import atomic\n"),
    (rules.positional_records, "cases/services/x.py", "@dataclass(frozen=True)\nclass OfferDTO:\n    id: int\n"),
    (rules.positional_records, "cases/services/x.py", "@dataclass\nclass OfferDTO:\n    id: int\n"),
    (rules.positional_records, "cases/services/x.py", "@dataclasses.dataclass(kw_only=False)\nclass A:\n    id: int\n"),
    (rules.unfinished_work, "cases/services/x.py", "x = 1  # TO" + "DO: later\n"),
    (rules.unfinished_work, "cases/services/x.py", "raise NotImplemented" + "Error\n"),
    (rules.drawers_for_anything, "cases/utils.py", "x = 1\n"),
    (rules.suppressions_without_reason, "cases/services/x.py", "import os  # no" + "qa: F401\n"),
    (rules.suppressions_without_reason, "cases/services/x.py", "x = y  # type: " + "ignore[name-defined]\n"),
    (rules.codes_of_transitions, "cases/services/x.py", 'move(to="T08")\n'),
    (rules.codes_of_transitions, "professionals/services/x.py", 'signed = event.transition == "T21"\n'),
    (rules.codes_of_transitions, "notifications/x.py", 'over = code.startswith(("C-", "E-"))\n'),
    (rules.codes_of_transitions, "cases/queries/x.py", "SQL = \"SELECT 1 WHERE transition = 'T11'\"\n"),
    (rules.codes_of_transitions, "cases/services/x.py", '"""Accept the offer (T08)."""\n'),
    (rules.codes_of_transitions, "cases/services/x.py", 'step = f"C-{state}"\n'),
    (rules.states_of_machines, "cases/services/x.py", "row.state = OfferState.DECLINED\n"),
    (rules.states_of_machines, "cases/services/x.py", "row.state, row.answered_at = state, now()\n"),
    (rules.states_of_machines, "cases/services/x.py", "offers.filter(id=1).update(state=state)\n"),
    (rules.states_of_machines, "cases/services/x.py", "Offer.objects.create(case=case, state=OfferState.ACCEPTED)\n"),
    (rules.states_of_machines, "cases/services/x.py", "row = Offer(case=case, state=OfferState.ACCEPTED)\n"),
    (rules.states_of_machines, "cases/services/x.py", 'setattr(row, "state", "ACCEPTED")\n'),
    (rules.states_of_machines, "cases/services/x.py", 'row.save(update_fields=["state"])\n'),
    (rules.states_of_machines, "cases/services/x.py", 'SQL = "UPDATE cases_offer SET seen = 1, state = %s"\n'),
    (rules.states_as_words, "cases/services/x.py", 'open = Offer.objects.filter(state="OFFERED")\n'),
    (rules.states_as_words, "cases/services/x.py", 'rows.exclude(opinion__state__in=("SIGNED", "SUPERSEDED"))\n'),
    (rules.states_as_words, "cases/services/x.py", 'over = row.state == "DECLINED"\n'),
    (rules.states_as_words, "cases/services/x.py", 'over = row.state not in ("DECLINED", "EXPIRED")\n'),
    (rules.states_as_words, "cases/queries/x.py", "SQL = \"WHERE o.state = 'OFFERED'\"\n"),
    (rules.states_as_words, "cases/queries/x.py", "SQL = \"WHERE state <> 'DRAFT'\"\n"),
    (rules.states_of_machines, "identity/services/x.py", "row.state = ProxyState.ACTIVE\n"),
    (rules.states_of_machines, "identity/services/x.py", "Proxy.objects.create(state=ProxyState.ACTIVE)\n"),
    (rules.states_of_machines, "analysis/services/x.py", "row.decision, row.version = decision, 2\n"),
    (rules.states_of_machines, "notifications/services/x.py", "rows.update(state=DeliveryState.SENT)\n"),
    (rules.states_of_machines, "config/kernel/jobs/x.py", "SQL = \"UPDATE x SET state = 'DONE', tries = 0\"\n"),
    (rules.states_of_machines, "config/kernel/outbox/x.py", 'SQL = "UPDATE x SET tries = %s, status = %s"\n'),
    (rules.states_as_words, "identity/services/x.py", 'open = Proxy.objects.filter(state="OFFERED")\n'),
    (rules.states_as_words, "identity/admin/x.py", 'link = listed("proxy", state__exact="ATTESTED")\n'),
    (rules.states_as_words, "identity/api/x.py", 'state = ChoiceField(["RUNNING", "DONE"])\n'),
    (rules.states_as_words, "analysis/services/x.py", 'OPEN = frozenset({"IN_REVIEW", "CLARIFICATION"})\n'),
    (rules.states_as_words, "analysis/services/x.py", 'over = row.decision == "REJECTED"\n'),
    (rules.states_as_words, "analysis/handlers.py", 'read = event.state == "MISMATCHED"\n'),
    (rules.states_as_words, "notifications/services/x.py", '_DONE = ("SENT", "SKIPPED")\n'),
    (rules.states_as_words, "config/kernel/admin/x.py", 'dead = queryset.filter(status="DEAD")\n'),
    (rules.states_as_words, "config/kernel/jobs/x.py", "SQL = \"CASE WHEN tries > 2 THEN 'DEAD' ELSE state END\"\n"),
    (rules.states_as_words, "config/kernel/jobs/x.py", 'dead = row[0] == "DEAD"\n'),
    (rules.relations_as_words, "cases/services/x.py", 'mine = relation == "assigned"\n'),
    (rules.relations_as_words, "analysis/services/x.py", 'known = access.relation not in ("owner", "peer")\n'),
    (rules.relations_as_words, "cases/queries/x.py", 'SQL = "WHERE assigned_user_id = %(me)s"\n'),
    (rules.accents_elsewhere, "cases/domain/x.py", 'flat = unicodedata.normalize("NFKD", name)\n'),
    (rules.accents_elsewhere, "cases/domain/x.py", "bare = [c for c in name if not unicodedata.combining(c)]\n"),
    (rules.token_hashes_elsewhere, "identity/services/x.py", "kept = hashlib.sha256(token.encode()).digest()\n"),
    (rules.token_hashes_elsewhere, "cases/services/x.py", "kept = sha256(secret.encode()).hexdigest()\n"),
]
HARMLESS = [
    (rules.positional_records, "cases/services/x.py", "@dataclass(frozen=True, kw_only=True)\nclass A:\n    id: int\n"),
    (rules.positional_records, "cases/domain/x.py", "@dataclass(frozen=True)\nclass Point:\n    x: int\n"),
    (rules.foreign_models, "cases/services/x.py", 'Case = apps.get_model("cases", "Case")\n'),
    (rules.foreign_addresses, "config/urls.py", 'include("cases.api.urls")\n'),
    (rules.foreign_addresses, "cases/events.py", '@event("cases.case.submitted.v1")\nclass A: ...\n'),
    (rules.foreign_tables, "cases/queries.py", 'SQL = "SELECT id FROM cases.cases_case"\n'),
    (rules.foreign_tables, "cases/queries.py", 'SQL = "SELECT identity_match FROM cases_document"\n'),
    (rules.foreign_tables, "cases/queries.py", '"""Select from identity_user: a sentence, not SQL."""\n'),
    (rules.guarded_imports, "cases/adapters/x.py", 'there = find_spec("rapidocr") is not None\n'),
    (rules.bare_transactions, "cases/db.py", "from django.db import transaction\n"),
    (rules.suppressions_without_reason, "cases/x.py", "import os  # no" + "qa: F401  re-exported for the admin\n"),
    (rules.codes_of_transitions, "cases/domain/workflow/transitions.py", 'ACCEPT_OFFER = "T08"\n'),
    (rules.states_of_machines, "cases/services/x.py", "told = OfferDTO(id=row.id, state=row.state)\n"),
    (rules.states_of_machines, "cases/services/x.py", "open = Offer.objects.filter(state=OfferState.OFFERED)\n"),
    (rules.states_of_machines, "cases/services/workflow/moves.py", "case.state = str(rule.target)\n"),
    (rules.states_as_words, "cases/services/x.py", "over = row.state == OfferState.DECLINED\n"),
    (rules.states_of_machines, "identity/services/x.py", "Proxy.objects.create(state=PROXY.opening(state))\n"),
    (rules.states_of_machines, "config/kernel/jobs/x.py", 'SQL = f"UPDATE x SET state = {CLAIM.target}"\n'),
    (rules.states_of_machines, "config/kernel/api/x.py", "answer = Response(status=HTTPStatus.OK)\n"),
    (rules.states_as_words, "identity/domain/x.py", 'class State(StrEnum):\n    OFFERED = "OFFERED"\n'),
    (rules.states_as_words, "notifications/domain/x.py", 'outcome = "CONFIRMED"\n'),
    (rules.states_as_words, "cases/services/x.py", 'called = row.state.replace("_", " ")\n'),
    (rules.accents_elsewhere, "identity/domain/x.py", 'kept = unicodedata.normalize("NFKC", password)\n'),
    (rules.token_hashes_elsewhere, "cases/domain/x.py", "digest = hashlib.sha256(data).digest()\n"),
    (rules.relations_as_words, "cases/services/x.py", "mine = relation is Relation.ASSIGNED\n"),
    (rules.relations_as_words, "cases/queries/relation_scopes.py", 'SQL = "assigned_user_id = %(me)s"\n'),
    (rules.codes_of_transitions, "cases/api/x.py", 'about = "C-CDA, E-mail, 2027-01-31T09:00:00Z"\n'),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule) -> None:
    found = [text for path in product_files() for text in rule(path, parsed(path), ROOT)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("rule", "name", "source"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_violation_is_refused(rule, name: str, source: str, tmp_path: Path) -> None:
    assert list(rule(*_planted(tmp_path, name, source), tmp_path))


@pytest.mark.parametrize(("rule", "name", "source"), HARMLESS, ids=lambda value: getattr(value, "__name__", None))
def test_what_only_looks_like_a_violation_passes(rule, name: str, source: str, tmp_path: Path) -> None:
    assert not list(rule(*_planted(tmp_path, name, source), tmp_path))


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(rules.RULES)


def _planted(root: Path, name: str, source: str) -> tuple[Path, ast.Module]:
    path = root / name
    path.parent.mkdir(parents=True)
    path.write_text(source)
    return path, ast.parse(source)
