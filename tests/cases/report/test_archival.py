"""What ISO 19005-2 (PDF/A-2, level B) asks of such files, as far as it can be looked at here, and the tags."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pypdf
import pytest
from PIL import Image, ImageCms

from cases.adapters.report.colour import srgb_profile
from tests.cases.report.proofs import sealed_pair

PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
DC = "{http://purl.org/dc/elements/1.1/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
PDF = "{http://ns.adobe.com/pdf/1.3/}"


@cache
def reader() -> Any:
    """The sealed file: what is asked of it holds with the proof behind it."""
    return pypdf.PdfReader(BytesIO(sealed_pair()[1]), strict=True)


def root() -> Any:
    return reader().trailer["/Root"]


def metadata() -> ElementTree.Element:
    return ElementTree.fromstring(root()["/Metadata"].get_data())


def one(name: str) -> str:
    return " ".join("".join(metadata().find(f".//{name}").itertext()).split())


def elements(node: Any = None) -> list[Any]:
    node = root()["/StructTreeRoot"]["/K"] if node is None else node
    kids = [kid.get_object() for kid in node["/K"]]
    return [node, *(one for kid in kids if not isinstance(kid, int) for one in elements(kid))]


def test_the_header_names_a_version_and_marks_the_file_as_binary() -> None:
    first, second = sealed_pair()[1].split(b"\n")[:2]
    assert first.strip() == b"%PDF-1.7"
    assert second.startswith(b"%")
    assert len([byte for byte in second[1:5] if byte > 127]) == 4


def test_the_file_ends_with_its_end_mark_and_has_an_identifier() -> None:
    assert sealed_pair()[1].endswith(b"%%EOF\n")
    assert len(reader().trailer["/ID"]) == 2
    assert "/Encrypt" not in reader().trailer


def test_streams_end_after_a_line_end_and_are_as_long_as_they_say() -> None:
    pdf = sealed_pair()[1]
    found = re.findall(rb"(.)endstream", pdf, re.DOTALL)
    assert found
    assert set(found) <= {b"\n", b"\r"}
    for match in re.finditer(rb"/Length (\d+)\b(?! 0 R)[^>]*>>\s*stream\r?\n", pdf):
        assert pdf[match.end() + int(match[1]) :].lstrip(b"\r\n").startswith(b"endstream")


def test_metadata_is_plain_xmp_and_says_what_the_information_dictionary_says() -> None:
    assert "/Filter" not in root()["/Metadata"]
    info = reader().metadata
    assert (one(f"{PDFA}part"), one(f"{PDFA}conformance")) == ("2", "B")
    assert one(f"{DC}title") == info.title
    assert one(f"{DC}creator") == info.author
    assert one(f"{DC}description") == info.subject
    assert one(f"{XMP}CreatorTool") == info.creator
    assert one(f"{PDF}Producer") == info.producer
    assert one(f"{XMP}CreateDate") == info.creation_date.isoformat() == info.modification_date.isoformat()
    assert one(f"{DC}language") == root()["/Lang"] == "en"
    assert set(info) <= {"/Title", "/Author", "/Subject", "/Creator", "/Producer", "/CreationDate", "/ModDate"}
    assert b"ller" not in root()["/Metadata"].get_data()


def test_colours_are_those_of_the_output_intent() -> None:
    (intent,) = root()["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    profile = intent["/DestOutputProfile"]
    assert profile["/N"] == 3
    assert profile.get_data() == srgb_profile()
    painted = b" ".join(page.get_contents().get_data() for page in reader().pages)
    assert re.search(rb"\d rg\b", painted)
    assert not re.search(rb"\d [kK]\b", painted)


def test_the_colour_profile_is_srgb() -> None:
    own = ImageCms.ImageCmsProfile(BytesIO(srgb_profile()))
    known = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    assert "sRGB" in ImageCms.getProfileName(own)
    assert own.profile.version == 2.1
    picture = Image.new("RGB", (64, 1))
    picture.putdata([(4 * n, 255 - 4 * n, (37 * n) % 256) for n in range(64)])
    there = ImageCms.profileToProfile(picture, own, known, renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC)
    assert there is not None
    assert max(abs(a - b) for a, b in zip(picture.tobytes(), there.tobytes(), strict=True)) <= 2


def test_nothing_runs_plays_or_lies_hidden() -> None:
    for forbidden in ("/AA", "/OpenAction", "/AcroForm", "/OCProperties", "/Names"):
        assert forbidden not in root()
    for page in reader().pages:
        assert "/Annots" not in page
        assert "/Group" not in page
        for state in page["/Resources"].get("/ExtGState", {}).values():
            assert state.get("/ca", 1) == state.get("/CA", 1) == 1
            assert state.get("/SMask", "/None") == "/None"


def test_every_glyph_has_a_font_program_and_a_meaning() -> None:
    for page in reader().pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font["/FontDescriptor"]
            assert "/ToUnicode" in font


def test_all_content_is_tagged_or_decoration() -> None:
    assert root()["/MarkInfo"]["/Marked"].value
    for page in reader().pages:
        painted = page.get_contents().get_data().decode("latin-1")
        depth = 0
        for operator in re.findall(r"\b(BDC|BMC|EMC|Tj|TJ|T\*|re|[Sf]\*?)\b(?=\s)", painted):
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(operator, 0)
            assert 0 <= depth <= 1
            if operator in ("Tj", "TJ"):
                assert depth == 1
        assert depth == 0


def test_the_structure_leads_to_every_marked_run_and_back() -> None:
    tree, found = root()["/StructTreeRoot"], Counter[int]()
    numbers = tree["/ParentTree"]["/Nums"]
    owners = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for element in elements():
        for number in (kid for kid in element["/K"] if isinstance(kid, int)):
            page = element["/Pg"].get_object()["/StructParents"]
            assert owners[page].get_object()[number].get_object() == element
            found[page] += 1
    marked = [len(re.findall(r"/MCID", page.get_contents().get_data().decode("latin-1"))) for page in reader().pages]
    assert [found[number] for number in range(len(marked))] == marked


def test_headings_tables_and_the_code_are_told_apart() -> None:
    kinds = Counter(element["/S"] for element in elements())
    assert kinds["/H1"] == 1
    assert kinds["/H2"] >= 10
    assert kinds["/Table"] >= 6
    assert kinds["/TH"] >= 12
    (figure,) = [element for element in elements() if element["/S"] == "/Figure"]
    assert "QR code" in figure["/Alt"]
    for row in (element for element in elements() if element["/S"] == "/TR"):
        assert {kid.get_object()["/S"] for kid in row["/K"]} <= {"/TH", "/TD"}


@pytest.mark.parametrize("kind", ["/TH"])
def test_a_head_cell_says_what_it_heads(kind: str) -> None:
    heads = [element for element in elements() if element["/S"] == kind]
    assert all(element["/A"]["/Scope"] == "/Column" for element in heads)
