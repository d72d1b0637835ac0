"""The people and things of the matrix, each made when a row asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import cached_property
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

from django.db import transaction
from django.test import override_settings

import tests.authorization
from analysis import services as analysis
from analysis.models import Finding
from cases.models import Case, Clarification, Document
from cases.services import casefile, documents, opinion, workflow
from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.due_work import drain
from identity import services as identity
from notifications import services as notifications
from notifications.models import Notice
from professionals import services as professionals
from tests.analysis import world as analysed
from tests.analysis.pages import LAB
from tests.analysis.working import run_jobs
from tests.authorization.people import People
from tests.cases.support import OPINION, Story, by, profile_id
from tests.client import ApiClient
from tests.factories import make_person
from tests.tooling.clinical import lab_report

ALIASES = ("default", "professionals", "cases", "analysis", "notifications")
ROLES = ("AN", "PO", "OP", "DE", "PU", "PA", "PR", "SS", "SA", "SV")


# Each file `things_….py` beside this one adds the things of one area.
_AREAS = [
    import_module(f"tests.authorization.{found.name}").Things
    for found in iter_modules(tests.authorization.__path__)
    if found.name.startswith("things_")
]


class World(People, *_AREAS):  # type: ignore[misc]  # which areas there are, is found at run time
    """PO's cases with PA assigned and PR as peer reviewer; ``ids`` names what paths and bodies refer to."""

    def _peered(self, story: Story) -> UUID:
        Case.objects.filter(id=story.id).update(peer_user_id=self.peer.user_id)
        return story.id

    @cached_property
    def story(self) -> Story:
        return Story(self.owner).in_review(self.author)

    @cached_property
    def id_c(self) -> UUID:
        """A case in review, with a sealed first read and a complete draft."""
        self._write(self.story)
        return self._peered(self.story)

    @cached_property
    def id_read(self) -> UUID:
        """A case in review before the first read."""
        return self._peered(Story(self.owner).in_review(self.author))

    @cached_property
    def id_draft(self) -> UUID:
        return Story(self.owner).id

    @cached_property
    def id_matching(self) -> UUID:
        return self._peered(Story(self.owner).in_matching())

    @cached_property
    def id_offered(self) -> UUID:
        return self._peered(Story(self.owner).offered(self.author))

    @cached_property
    def id_signed(self) -> UUID:
        """A delivered case."""
        story = Story(self.owner).in_review(self.author)
        self._write(story)
        story.sign(story.submit().content_hash)
        drain("cases")
        return self._peered(story)

    @cached_property
    def id_submitted(self) -> UUID:
        """A case whose opinion waits for a peer reviewer to be named."""
        story = Story(self.owner).in_review(self.author)
        self._write(story)
        with override_settings(PEER_REVIEWED_SERVICES=("records",)):
            story.submit()
        return story.id

    @cached_property
    def id_reviewed(self) -> UUID:
        """A case whose opinion waits for PR's review."""
        Case.objects.filter(id=self.id_submitted).update(peer_user_id=self.peer.user_id)
        return self.id_submitted

    @cached_property
    def id_asked(self) -> UUID:
        """A case with an open question to its patient."""
        story = Story(self.owner).in_review(self.author)
        with by(self.author):
            opinion.ask(principal=self.author, case_id=story.id, question="Since when?")
        return self._peered(story)

    @cached_property
    def id_question(self) -> UUID:
        return Clarification.objects.get(case_id=self.id_asked).id

    @cached_property
    def id_held(self) -> UUID:
        coordinator = make_person("coordinator")
        with by(coordinator):
            workflow.hold_case(principal=coordinator, case_id=self.id_c, reason="asked to wait")
        return self.id_c

    @cached_property
    def id_incomplete(self) -> UUID:
        """A submitted case whose checklist misses its record."""
        return Story(self.owner).submitted().id

    def _write(self, story: Story) -> None:
        with by(self.author):
            opinion.seal_first_read(principal=self.author, case_id=story.id, impression="Severe.", confidence=70)
            opinion.save_draft(principal=self.author, case_id=story.id, content=OPINION)

    @cached_property
    def id_doc(self) -> UUID:
        assert self.id_c
        return self.story.put_document().id

    @cached_property
    def id_adoc(self) -> UUID:
        """A document with a text."""
        return analysed.World(self.owner, self.author, self.id_c, uuid4()).add_document(LAB)

    @cached_property
    def id_file(self) -> UUID:
        """A real file, read and drawn."""
        sheet = lab_report()
        with TemporaryDirectory() as folder:
            source = Path(folder) / sheet.name
            source.write_bytes(sheet.content)
            with by(self.owner):
                put = documents.upload_document(
                    principal=self.owner,
                    case_id=self.id_c,
                    name=sheet.name,
                    declared_type=sheet.media_type,
                    source=source,
                )
        drain("cases")
        return put.id

    @cached_property
    def id_unnamed(self) -> UUID:
        """A document that does not say whose it is."""
        assert self.id_c
        document = self.story.put_document("PROCESSED")
        return document.id

    @cached_property
    def id_named(self) -> UUID:
        """A document that bears its patient's name and nothing else."""
        assert self.id_c
        document = self.story.put_document("PROCESSED")
        Document.objects.filter(id=document.id).update(identity_match="name_only")
        return document.id

    @cached_property
    def id_qdoc(self) -> UUID:
        assert self.id_c
        return self.story.put_document("QUARANTINED").id

    def _analysed(self) -> UUID:
        page = analysed.World(self.owner, self.author, self.id_c, uuid4()).add_document(LAB)
        with by(self.author):
            run = analysis.request_analysis(principal=self.author, document_id=page)
        run_jobs()
        return run.id

    @cached_property
    def id_a0(self) -> UUID:
        """A run of which nothing is released."""
        return self._analysed()

    @cached_property
    def id_f(self) -> UUID:
        """A finding that nobody has decided on."""
        return Finding.objects.filter(run_id=self.id_a0).latest("position").id

    @cached_property
    def id_a(self) -> UUID:
        """A run with a released finding."""
        run_id = self._analysed()
        finding = Finding.objects.filter(run_id=run_id).earliest("position")
        with by(self.author):
            analysis.decide_finding(principal=self.author, finding_id=finding.id, decision="accept")
        return run_id

    @cached_property
    def id_p(self) -> UUID:
        return profile_id(self.author)

    @cached_property
    def id_pu(self) -> UUID:
        return profile_id(self.outsider)

    @cached_property
    def id_waiting(self) -> UUID:
        """A specialist whose credentials wait for the second person's decision."""
        from tests.professionals.conftest import licence, register

        profile, who = register()
        professionals.submit_credentials(principal=who, licences=[licence()])
        professionals.prepare_verification(
            principal=make_person("administrator"), professional_id=profile.id, evidence="register asked"
        )
        return profile.id

    @cached_property
    def id_n(self) -> UUID:
        """A notice of the owner's."""
        notifications.notify(user_id=self.id_po, kind="report_ready", event_key=str(uuid4()))
        return Notice.objects.filter(user_id=self.id_po, kind="report_ready").latest("sequence").id

    def _proxy(self, case_id: UUID | None = None) -> UUID:
        with by(self.owner):
            return identity.offer_proxy(
                principal=self.owner,
                email="caregiver@example.org",
                scopes=["read"],
                ends_at=clock.now() + timedelta(days=9),
                case_id=case_id,
            ).id

    @cached_property
    def id_proxy(self) -> UUID:
        """The owner's offer to somebody who has no account yet."""
        return self._proxy()

    @cached_property
    def id_delegate(self) -> UUID:
        """The same, for one case."""
        return self._proxy(self.id_c)

    @cached_property
    def id_change(self) -> UUID:
        """A change of PO's roles that waits for its second administrator."""
        asker = make_person("administrator")
        with by(asker):
            return identity.request_role_change(
                principal=asker, user_id=self.id_po, role="nurse", granted=True, reason="joins the nursing team"
            ).id

    @cached_property
    def id_export(self) -> UUID:
        """A copy that was asked for."""
        with by(self.owner):
            return identity.request_export(principal=self.owner, user_id=self.id_po).id

    @cached_property
    def id_ready(self) -> UUID:
        """A copy that is ready."""
        made = self.id_export
        drain("identity")
        return made

    @cached_property
    def id_key(self) -> UUID:
        maker = make_person("administrator")
        with by(maker):
            return identity.create_service_key(
                principal=maker,
                name="x",
                scopes=["notify"],
                networks=["192.0.2.0/24"],
                expires_at=clock.now() + timedelta(days=9),
            ).key.id

    @cached_property
    def id_glass(self) -> UUID:
        """A use of emergency access that waits for its review."""
        nurse = make_person("nurse")
        with by(nurse):
            return casefile.break_glass(principal=nurse, case_id=self.id_c, reason="unconscious on arrival").id


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards, so that each role meets the same world."""
    with ExitStack() as stack:
        for alias in ALIASES:
            stack.enter_context(transaction.atomic(using=alias))
            stack.callback(transaction.set_rollback, True, using=alias)
        yield


def filled(value: object, world: World) -> Any:
    """A body with the names of things replaced by their ids."""
    if isinstance(value, dict):
        return {key: filled(one, world) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, world) for one in value]
    return value.format_map(world) if isinstance(value, str) else value


def service_client() -> Any:
    """A service key without any scope."""
    key = Principal(kind="service")

    class Client(ApiClient):
        def _headers(self, extra: dict[str, str] | None) -> dict[str, str]:
            return {**(extra or {}), "Authorization": "Bearer key"}

        def send(self, *args: Any, **options: Any) -> Any:
            with mock.patch("config.kernel.api.authentication.decode_access", return_value=key):
                return super().send(*args, **options)

        def upload(self, *args: Any, **options: Any) -> Any:
            with mock.patch("config.kernel.api.authentication.decode_access", return_value=key):
                return super().upload(*args, **options)

    return Client()
