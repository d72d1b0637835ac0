"""Telephone numbers as every provider takes them (E.164), and the country that each belongs to."""


def e164(text: str, *, region: str = "") -> str | None:
    """The number as ``+4915112345678``; ``None`` where it is none that takes text messages.

    Without its country's code it is read as one of ``region`` (ISO 3166, two letters). Land lines, and numbers that
    cost or earn somebody more than a message does, are refused.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    kind = phonenumbers.number_type(number)
    takes_texts = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if not phonenumbers.is_valid_number(number) or kind not in takes_texts:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def country_of(number: str) -> str:
    """The country (ISO 3166, two letters) of a number in E.164; ``ZZ`` where it is none's."""
    import phonenumbers

    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number, None)) or "ZZ"
    except phonenumbers.NumberParseException:
        return "ZZ"
