"""What triage chooses from: urgency, kind of service, and what the look for red flags found."""

from typing import Final

URGENCIES: Final = {"routine": "Routine: 7 days", "soon": "Soon: 3 days", "urgent": "Urgent: 1 day"}
#: What is offered to a patient; a setting names those whose opinions a second specialist reviews.
SERVICE_TYPES: Final = {
    "written_opinion": "Written second opinion",
    "records": "Review of the records",
    "imaging": "Second read of images",
}
RED_FLAG_CHECKS: Final = {
    "none": "None found",
    "red_flag": "Red flag found",
    "cleared": "Raised by the answers, looked at: none",
}
