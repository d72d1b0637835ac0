"""The structure tree of a tagged PDF (ISO 32000-1, 14.7), from what was collected while its pages were drawn."""

from __future__ import annotations

from typing import Any

from cases.adapters.report.tags import Node, Tags


def structure(writer: Any, tags: Tags) -> Any:
    """The structure tree, and for each page which element each of its marked runs belongs to."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

    tree = DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")})
    place = writer._add_object(tree)
    owners: dict[int, dict[int, Any]] = {}
    tree[NameObject("/K")] = _element(writer, tags.root, place, owners)
    numbers = ArrayObject()
    for page, marks in sorted(owners.items()):
        writer.pages[page][NameObject("/StructParents")] = NumberObject(page)
        writer.pages[page][NameObject("/Tabs")] = NameObject("/S")
        numbers += [NumberObject(page), ArrayObject(marks[number] for number in sorted(marks))]
    tree[NameObject("/ParentTree")] = writer._add_object(DictionaryObject({NameObject("/Nums"): numbers}))
    tree[NameObject("/ParentTreeNextKey")] = NumberObject(len(owners))
    return place


def _element(writer: Any, node: Node, parent: Any, owners: dict[int, dict[int, Any]]) -> Any:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

    element = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/StructElem"),
            NameObject("/S"): NameObject(f"/{node.kind}"),
            NameObject("/P"): parent,
        }
    )
    place = writer._add_object(element)
    kids = ArrayObject(_element(writer, kid, place, owners) for kid in node.kids)
    for page, number in node.marks:
        element[NameObject("/Pg")] = writer.pages[page].indirect_reference
        owners.setdefault(page, {})[number] = place
        kids.append(NumberObject(number))
    element[NameObject("/K")] = kids
    if node.alt:
        element[NameObject("/Alt")] = TextStringObject(node.alt)
    if node.kind == "TH":
        scope = {NameObject("/O"): NameObject("/Table"), NameObject("/Scope"): NameObject("/Column")}
        element[NameObject("/A")] = DictionaryObject(scope)
    return place
