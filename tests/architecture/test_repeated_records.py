"""No serializer of an answer repeats, field by field, what a record of the services says already."""

import ast
from collections.abc import Iterable, Iterator

from tests.architecture.tree import parsed, product_files

Fields = frozenset[str]


def records(trees: Iterable[ast.Module]) -> Iterator[tuple[str, Fields]]:
    """The dataclasses of these modules with the names of their fields."""
    for tree in trees:
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(one) for one in node.decorator_list):
                names = [one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and _named(one.target)]
                yield node.name, frozenset(names)


def answers(trees: Iterable[ast.Module]) -> Iterator[tuple[str, Fields]]:
    """The serializers …Out that are not derived, with the names of the fields that they declare."""
    for tree in trees:
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Out") and not _derived(node):
                made = [one.targets[0] for one in node.body if isinstance(one, ast.Assign)]
                yield node.name, frozenset(one.id for one in made if isinstance(one, ast.Name))


def repeated(api: Iterable[ast.Module], services: Iterable[ast.Module]) -> list[str]:
    """The serializers that declare just the fields of a record, and more than two of them."""
    known = {fields: name for name, fields in records(services)}
    return [f"{name} repeats {known[fields]}" for name, fields in answers(api) if len(fields) > 2 and fields in known]


def _derived(node: ast.ClassDef) -> bool:
    return any("DTOSerializer" in ast.unparse(base) for base in node.bases)


def _named(target: ast.expr) -> bool:
    return isinstance(target, ast.Name)


def test_no_answer_repeats_a_record() -> None:
    paths = list(product_files())
    api = [parsed(path) for path in paths if "api" in path.parts]
    services = [parsed(path) for path in paths if "services" in path.parts]
    assert not repeated(api, services), "derive it: class …Out(DTOSerializer[…DTO])"


def test_a_planted_repetition_is_found() -> None:
    record = ast.parse("@dataclass\nclass OfferDTO:\n    id: UUID\n    state: str\n    ends_at: datetime")
    said_again = ast.parse(
        "class OfferOut(Data):\n    id = UUIDField()\n    state = CharField()\n    ends_at = DateTimeField()"
    )
    derived = ast.parse("class OfferOut(DTOSerializer[OfferDTO]):\n    state = ChoiceField(STATES)")
    assert repeated([said_again], [record]) == ["OfferOut repeats OfferDTO"]
    assert not repeated([derived], [record])
