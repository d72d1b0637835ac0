"""What the rows of ``area_templates`` refer to."""

from __future__ import annotations

from functools import cached_property
from uuid import uuid4

from notifications import services as notifications
from tests.authorization.area_templates import CONTENT
from tests.factories import make_person


class Things:
    """A template that a medical director writes, and one that two people published."""

    @cached_property
    def id_tpl(self) -> str:
        return _drafted("draft").code

    @cached_property
    def id_published_tpl(self) -> str:
        made = _drafted("published")
        assert made.draft is not None
        notifications.publish_template(
            principal=make_person("administrator"), code=made.code, expected_version=made.draft.version
        )
        return made.code


def _drafted(name: str) -> notifications.TemplateDTO:
    """A new template under a code of its own: two worlds may stand in one database."""
    code = f"{name}_{uuid4().hex}"
    return notifications.create_template(principal=make_person("medical_director"), code=code, content=CONTENT)
