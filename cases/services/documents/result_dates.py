"""On which days the results in a document were taken, by the dates that the document itself prints."""

from collections.abc import Sequence

from cases.domain.documents.sheet_dates import ResultPlace, SheetDate, SheetDates
from cases.services.documents.dto import DocumentText
from identity import services as identity


def dates_of_results(*, text: DocumentText, places: Sequence[ResultPlace]) -> tuple[SheetDate, ...]:
    """The date of each result, in the order of ``places``; one that cannot be told says what is printed."""
    born = identity.get_account(user_id=text.patient_id).date_of_birth
    sheets = SheetDates([(page.number, page.text) for page in text.pages], latest=text.uploaded_on, born=born)
    return tuple(sheets.of_result(place) for place in places)
