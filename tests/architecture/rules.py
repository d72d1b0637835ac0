"""What no import linter sees. Each rule yields a sentence for each violation in one file."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cases.domain.workflow.states import State
from tests.architecture.tree import CONTEXTS, ROOT, parsed, product_files

_DOTTED = re.compile(rf"^({'|'.join(CONTEXTS)})\.([a-z_]+)(\.[A-Za-z_.]+)?$")
_MODULES = {"models", "domain", "queries", "adapters", "services", "handlers", "tasks", "api", "admin", "db"}
_MODULES |= {"router", "apps", "dashboard", "realtime"}
_TABLE = re.compile(
    rf"\b(?:from|join|into|update|truncate|table)\s+(?:only\s+)?\"?({'|'.join(CONTEXTS)})\"?[._]\"?[a-z_]+",
    re.IGNORECASE,
)
# An entry point's address is wiring, not a call: Django loads it by name.
_WIRED = ("services", "events", "api", "dashboard", "realtime", "apps", "router")


def owner(path: Path, root: Path) -> str:
    """The context (or ``config``, ``deploy``) a file belongs to."""
    return path.relative_to(root).parts[0]


def foreign_models(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """``get_model("cases", …)`` outside cases."""
    mine = owner(path, root)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in ("get_model", "get_app_config") and node.args:
            text = _text(node.args[0])
            if text and text.split(".")[0] in CONTEXTS and text.split(".")[0] != mine:
                yield f"{path}:{node.lineno} takes {text} from another context by name"


def foreign_addresses(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """A dotted string such as "cases.models.Case" outside cases, and import_module of one."""
    mine = owner(path, root)
    allowed = _WIRED if mine in ("config", "deploy") else ()
    for node in ast.walk(tree):
        text = _text(node)
        found = _DOTTED.match(text) if text else None
        if found and found[1] != mine and found[2] in _MODULES and found[2] not in allowed:
            yield f"{path}:{node.lineno} names {text}, which belongs to another context"


def foreign_tables(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """Raw SQL that names another context's schema or table."""
    mine = owner(path, root)
    documentation = _docstrings(tree)
    for node in ast.walk(tree):
        text = _text(node)
        if text and node not in documentation:
            for found in _TABLE.finditer(text):
                if mine in CONTEXTS and found[1].lower() != mine:
                    yield f"{path}:{node.lineno} reads {found[0]} by SQL"


def settings_outside_config(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """``django.conf`` outside config."""
    if owner(path, root) not in CONTEXTS:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.conf":
            yield f"{path}:{node.lineno} imports django.conf; use config.kernel.conf.setting"
        if isinstance(node, ast.Import) and any(alias.name == "django.conf" for alias in node.names):
            yield f"{path}:{node.lineno} imports django.conf; use config.kernel.conf.setting"


def guarded_imports(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """``find_spec`` of a module of ours, or of a computed name: what is missing would be left out in silence."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "find_spec":
            name = _text(node.args[0]).split(".")[0]
            if name in ("", "config", *CONTEXTS):
                yield f"{path}:{node.lineno} asks whether a module of ours is there; import it"


def bare_transactions(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """``django.db.transaction`` outside db.py and the kernel."""
    if owner(path, root) not in CONTEXTS or path.name == "db.py":
        return
    for node in ast.walk(tree):
        direct = isinstance(node, ast.ImportFrom) and (
            (node.module == "django.db" and any(alias.name == "transaction" for alias in node.names))
            or node.module == "django.db.transaction"
        )
        if direct or (isinstance(node, ast.Import) and any(a.name == "django.db.transaction" for a in node.names)):
            yield f"{path}:{node.lineno} opens its own transaction; use <context>.db.atomic"


def positional_records(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """A dataclass of services that can be made by position: two of its values change places unseen."""
    if "services" not in path.relative_to(root).parts:
        return
    for node in ast.walk(tree):
        for made in node.decorator_list if isinstance(node, ast.ClassDef) else ():
            given = {word.arg: ast.unparse(word.value) for word in made.keywords} if isinstance(made, ast.Call) else {}
            kind = _name(made.func if isinstance(made, ast.Call) else made)
            if kind == "dataclass" and given.get("kw_only") != "True":
                yield f"{path}:{node.lineno} can be made by position; say kw_only=True"


def unfinished_work(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """Notes to oneself and stubs."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if re.search(r"#.*\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b", line):
            yield f"{path}:{number} leaves work for later"
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc and "NotImplemented" + "Error" in ast.dump(node.exc):
            yield f"{path}:{node.lineno} is a stub"


def drawers_for_anything(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """A file called utils.py or the like has no subject."""
    if path.stem in ("utils", "util", "helpers", "misc", "common"):
        yield f"{path} says nothing about what it holds"


def suppressions_without_reason(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """A silenced check says why, beside it; of several equal ones in a file the first speaks for all."""
    explained: set[str] = set()
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = _SILENCED.search(line)
        if not found or '"' in line.split("#")[-1]:
            continue
        if len(found[2].strip("# ")) >= 8:
            explained.add(found[1])
        elif found[1] not in explained:
            yield f"{path}:{number} silences a check without a reason"


_SILENCED = re.compile(r"#\s*((?:noqa|type:\s*ignore)\b(?::\s*[A-Z0-9, ]*[0-9]|\[[a-z, -]+\])?)\s*(.*)$")


def codes_of_transitions(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """A code such as the one of accepting an offer: everybody but the table says ``Transition.ACCEPT_OFFER``."""
    if path.relative_to(root).as_posix() == _TRANSITIONS:
        return
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = _CODE.search(line)
        if found:
            yield f"{path}:{number} says {found[0]}; a step is named by cases' Transition"


def states_of_machines(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """A state is written by ``advance``, which asks the row's machine; a case's own by its moves alone."""
    place = path.relative_to(root).as_posix()
    if place in (_MOVES, *_OTHER_STATES):
        return
    columns = _columns(place)
    for node in ast.walk(tree):
        if any(isinstance(one, ast.Attribute) and one.attr in columns for one in _assigned(node)):
            yield f"{path}:{node.lineno} sets a state; use config.kernel.db.states.advance"
        if isinstance(node, ast.Call):
            called, given = _name(node.func), [one.value for one in node.keywords if one.arg in columns]
            state = [one for one in given if not _is_opening(one)]
            named = [one for one in ast.walk(node) if _text(one) in columns]
            if (called in _WRITING and (state or named)) or (_makes_a_row(called) and any(map(_is_member, state))):
                yield f"{path}:{node.lineno} writes a state; use config.kernel.db.states.advance"
        if any(re.search(_SETTING.format(column), _text(node), re.IGNORECASE) for column in columns):
            yield f"{path}:{node.lineno} writes a state by SQL; take the step from config.kernel.db.states.sql_step"


def states_as_words(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """A state is a member of its enumeration, never a word in quotes that nobody checks."""
    place, mine = path.relative_to(root).as_posix(), owner(path, root)
    words = set(State).union(_words_of_machines().get(mine, ())) - _OUTCOMES.get(place, set())
    spelled = {id(part) for node in ast.walk(tree) if _is_enumeration(node) for part in ast.walk(node)}
    for node in ast.walk(tree):
        said = [part for one in _states_told(node) for part in (one, *getattr(one, "elts", ()))]
        for part in (one for one in said if _text(one).isupper() and _text(one) not in words):
            yield f"{path}:{part.lineno} says {_text(part)!r}; name the member of the enumeration"
        if _text(node) in words and id(node) not in spelled:
            yield f"{path}:{node.lineno} says {_text(node)!r}; name the member of the enumeration"
        if _IN_SQL.search(_text(node)):
            yield f"{path}:{node.lineno} says a state in SQL; name the member of the enumeration"


def relations_as_words(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """A relation to a case is a member of ``Relation``; what it opens stands in its table, and its SQL beside that."""
    name = path.relative_to(root).as_posix()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(_name(one) == "relation" for one in (node.left, *node.comparators)):
            for one in (node.left, *node.comparators):
                for part in (one, *getattr(one, "elts", ())):
                    if _text(part):
                        yield f"{path}:{part.lineno} says {_text(part)!r}; ask Relation.may, or name the member"
        if name != "cases/queries/relation_scopes.py" and re.search(r"(assigned|peer)_user_id = %\(me\)s", _text(node)):
            yield f"{path}:{node.lineno} spells a relation in SQL; take it from cases.queries.relation_scopes"


def accents_elsewhere(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """Accents are taken off in one module, so that what is found in one place is found in all."""
    if path.relative_to(root).as_posix() == "config/kernel/accents.py":
        return
    for node in ast.walk(tree):
        folds = (
            isinstance(node, ast.Call) and _name(node.func) == "normalize" and "D" in "".join(map(_text, node.args[:1]))
        )
        if folds or _name(node) == "combining":
            yield f"{path}:{node.lineno} takes accents off; call config.kernel.accents"


def token_hashes_elsewhere(path: Path, tree: ast.Module, root: Path) -> Iterator[str]:
    """The digest under which a secret is stored is made in one place, for stored rows hold it."""
    if path.relative_to(root).as_posix() == "config/kernel/crypto/token_hash.py":
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in ("sha256", "sha512", "blake2b"):
            secret = {_name(one) for arg in node.args for one in ast.walk(arg)} & {"token", "secret", "code"}
            if secret:
                yield f"{path}:{node.lineno} hashes a {secret.pop()}; call config.kernel.crypto.token_hash"


# Columns that hold states: an event on its way has a status, and a finding a decision.
_COLUMN = "state|status|decision"
_MOVES = "cases/services/workflow/moves.py"
# What WebAuthn calls the state of a ceremony is a value to keep, and has no steps.
_OTHER_STATES = ("identity/services/sign_in/passkeys.py",)
# Outcomes that are called like a state of something else: of a file in an archive, and of an opinion afterwards.
_OUTCOMES = {
    "cases/api/documents/serializers_archives.py": {"REFUSED"},
    "cases/services/documents/uploads/archives.py": {"REFUSED"},
    "professionals/services/case_work.py": {"CONFIRMED"},
}
_WRITING = ("update", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "save", "setattr")
# What follows in braces is a step's, and of a CASE each word is looked at by ``states_as_words``.
_SETTING = r"\bSET\s+(?:\w+ = [^,]+,\s*)*{}\s*=\s*(?!CASE)\S"
_IN_SQL = re.compile(rf"\b(?:{_COLUMN})\s*(?:=|<>|!=|IN \()\s*'[A-Z_]+'|\b(?:THEN|ELSE) '[A-Z_]+'")


@cache
def _words_of_machines() -> dict[str, set[str]]:
    """The states of every machine, by the context (or ``config``) whose it is."""
    found: dict[str, set[str]] = {}
    for path in product_files():
        nodes = list(ast.walk(parsed(path)))
        if any(isinstance(node, ast.Call) and _name(node.func) == "StateMachine" for node in nodes):
            members = [_text(part) for node in nodes if _is_enumeration(node) for part in ast.walk(node)]
            found.setdefault(owner(path, ROOT), set()).update(word for word in members if word.isupper())
    return found


def _states_told(node: ast.AST) -> list[ast.expr]:
    """With what a column of states is compared, or by what it is filtered."""
    if isinstance(node, ast.keyword) and re.fullmatch(rf"(\w+__)?(?:{_COLUMN})(__in|__exact)?", node.arg or ""):
        return [node.value]
    sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
    return sides if any(re.fullmatch(_COLUMN, _name(one)) for one in sides) else []


def _columns(place: str) -> tuple[str, ...]:
    if place.startswith("config/kernel/outbox/"):
        return ("state", "status")
    return ("state", "decision") if place.startswith("analysis/") else ("state",)


def _is_enumeration(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(_name(base) == "StrEnum" for base in node.bases)


def _is_opening(value: ast.expr) -> bool:
    """``PROXY.opening(…)`` asks the machine whether a row may begin so."""
    return isinstance(value, ast.Call) and _name(value.func) == "opening"


def _assigned(node: ast.AST) -> list[ast.expr]:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    written = isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
    return [part for one in targets if written for part in getattr(one, "elts", [one])]


def _makes_a_row(called: str) -> bool:
    return called[:1].isupper() and called != "Q"


def _is_member(value: ast.expr) -> bool:
    return isinstance(value, ast.Attribute) and value.attr.isupper()


_TRANSITIONS = "cases/domain/workflow/transitions.py"
_STATES = "|".join(State)
_CODE = re.compile(rf"(?<![\w-])(?:T(?:0[1-9]|[12]\d|3[0-4])|[CE]-(?:{_STATES}))(?![\w-])|[\"'][CE]-[\"'{{]")
RULES = (
    foreign_models,
    foreign_addresses,
    foreign_tables,
    settings_outside_config,
    guarded_imports,
    bare_transactions,
    positional_records,
    unfinished_work,
    drawers_for_anything,
    suppressions_without_reason,
    codes_of_transitions,
    states_of_machines,
    states_as_words,
    relations_as_words,
    accents_elsewhere,
    token_hashes_elsewhere,
)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _docstrings(tree: ast.Module) -> set[ast.AST]:
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            found.add(body[0].value)
    return found
