"""What the rows of ``area_prof`` refer to."""

from __future__ import annotations

import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from professionals import services as professionals
from professionals.domain.credentials import EvidenceState
from professionals.models import Evidence
from tests.factories.professionals import PublicationFactory


class Things:
    """Figures that wait for a decision; a certificate, and a document of a licence."""

    id_p: Any
    id_licence: Any
    author: Any

    @cached_property
    def id_proposed(self) -> UUID:
        PublicationFactory(professional_id=self.id_p)
        found: UUID = self.id_p
        return found

    @cached_property
    def id_certificate(self) -> UUID:
        return professionals.add_credential(
            principal=self.author, professional_id=self.id_p, kind="education", title="MD", body="University"
        ).id

    @cached_property
    def id_proof(self) -> UUID:
        """Cleared, without the time that reading takes."""
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "licence.txt"
            source.write_text("Licence to practise.")
            held = professionals.add_evidence(
                principal=self.author, professional_id=self.id_p, licence_id=self.id_licence, name="licence.txt",
                declared_type="text/plain", source=source,
            )  # fmt: skip
        Evidence.objects.filter(id=held.id).update(state=EvidenceState.CLEARED)
        return held.id
