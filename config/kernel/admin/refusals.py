"""What a service refused, as a page of the staff tells it: with the way on, where there is one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html

from config.kernel.errors import DomainError, Invalid

_PROVE = "/account/"


def tell_refusal(request: HttpRequest, refusal: DomainError) -> None:
    """As messages on the page that comes next."""
    if refusal.code == "step_up_required":
        back = urlencode({"next": request.get_full_path()})
        text = 'Prove once more that it is you, then do it again: <a class="underline" href="{}">enter a code</a>.'
        messages.error(request, format_html(text, f"{_PROVE}?{back}#passkeys"))
        return
    messages.error(request, refusal.detail)
    for one in refusal.errors if isinstance(refusal, Invalid) else ():
        messages.error(request, f"{one.pointer}: {one.detail}")
