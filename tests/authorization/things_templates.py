"""What the rows of ``area_templates`` refer to."""

from __future__ import annotations

from functools import cached_property

from notifications import services as notifications
from tests.authorization.area_templates import CONTENT
from tests.factories import make_person


class Things:
    """A template that a medical director writes, and one that two people published."""

    @cached_property
    def id_tpl(self) -> str:
        author = make_person("medical_director")
        notifications.create_template(principal=author, code="matrix_draft", content=CONTENT)
        return "matrix_draft"

    @cached_property
    def id_published_tpl(self) -> str:
        code = "matrix_published"
        made = notifications.create_template(principal=make_person("medical_director"), code=code, content=CONTENT)
        assert made.draft is not None
        notifications.publish_template(
            principal=make_person("administrator"), code=code, expected_version=made.draft.version
        )
        return code
