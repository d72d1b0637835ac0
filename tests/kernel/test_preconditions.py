"""If-Match as clients send it: with the ETag that they were given, also by a front that compressed the answer."""

import pytest
from django.test import RequestFactory

from config.kernel.api import expected_version
from config.kernel.errors import Invalid


@pytest.mark.parametrize("sent", ['"7"', 'W/"7"', '"7-gzip"', 'W/"7-zstd"', ' "7-br" '])
def test_the_version_is_read_from_every_form_of_its_etag(sent: str) -> None:
    assert expected_version(RequestFactory().get("/", headers={"If-Match": sent})) == 7


@pytest.mark.parametrize("sent", ["7", '"7-gzip-gzip"', '"7-x"', '"seven"', '"7", "8"', ""])
def test_what_is_no_etag_of_ours_is_refused(sent: str) -> None:
    with pytest.raises(Invalid):
        expected_version(RequestFactory().get("/", headers={"If-Match": sent}))
