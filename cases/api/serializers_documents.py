"""What the document end points take and give."""

from typing import Any

from rest_framework import serializers

Data = serializers.Serializer[Any]


class UploadIn(Data):
    """The multipart form of an upload."""

    case_id = serializers.UUIDField()
    file = serializers.FileField()


class DocumentOut(Data):
    """A document's state and metadata."""

    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    state = serializers.CharField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    page_count = serializers.IntegerField()
    verdict = serializers.ChoiceField(["", "complete", "partial", "failed"])
    reasons = serializers.ListField(child=serializers.CharField())
    identity_match = serializers.CharField()
    scanner = serializers.CharField()
    advice = serializers.CharField()
    metadata = serializers.DictField()
    uploaded_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class LineOut(Data):
    """A line and its box (x0, y0, x1, y1 in fractions of the page, from the top left)."""

    text = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    box = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4)
    confidence = serializers.FloatField(allow_null=True)


class PageOut(Data):
    """A page's text."""

    number = serializers.IntegerField()
    width_pt = serializers.FloatField()
    height_pt = serializers.FloatField()
    text = serializers.CharField()
    lines = LineOut(many=True)
    engine = serializers.ChoiceField(["text-layer", "rapidocr", "tesseract", "none"])
    confidence = serializers.FloatField(allow_null=True)


class ContentPageOut(PageOut):
    """A page's text and where its pictures are."""

    image = serializers.CharField()
    thumbnail = serializers.CharField()


class ContentOut(Data):
    """A document with its pages."""

    document = DocumentOut()
    pages = ContentPageOut(many=True)


class ConfirmIn(Data):
    """Whose document it is."""

    belongs = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, allow_blank=True, required=False, default="")


class WaiveIn(Data):
    """Why the record is done without."""

    reason = serializers.CharField(max_length=300)
