"""Specialties by NUCC Health Care Provider Taxonomy code, as the taxonomy lists them."""

from professionals.domain.taxonomy import taxonomy

SPECIALTIES: dict[str, str] = {term.key: term.code for term in taxonomy().of_kind("specialties")}
