"""The parties graph: nobody within two links of a party passes, and the path is shown."""

import random

from professionals.domain.parties import Link, Path, conflicts, normal_name

ROLES = ("patient", "referrer", "payer", "clinician", "facility", "therapy_maker", "prior_involvement")
KINDS = ("employer", "co_authorship", "part_of")


def planted(seed: int) -> tuple[list[Link], dict[str, str], set[str]]:
    """A random graph with up to three parties, and the specialists joined to one by 0, 1 or 2 planted links."""
    draw = random.Random(seed)
    people = [f"pro:{n}" for n in range(8)]
    between = [f"org:{n}" for n in range(6)]
    parties = {f"party:{n}": draw.choice(ROLES) for n in range(draw.randint(1, 3))}
    links = [Link(draw.choice(people), draw.choice(between), draw.choice(KINDS)) for _ in range(draw.randint(0, 8))]
    guilty = set()
    for number in range(draw.randint(1, 3)):
        person, party, length = draw.choice(people), draw.choice(sorted(parties)), draw.randint(0, 2)
        guilty.add(person)
        if length == 0:
            parties[person] = draw.choice(ROLES)
        elif length == 1:
            links.append(flipped(draw, person, party))
        else:
            middle = draw.choice([*between, *people, f"org:new{number}"])
            links += [flipped(draw, person, middle), flipped(draw, middle, party)]
    draw.shuffle(links)
    return links, parties, guilty


def flipped(draw: random.Random, one: str, other: str) -> Link:
    first, second = (one, other) if draw.random() < 0.5 else (other, one)
    return Link(first, second, draw.choice(KINDS))


def leads(path: Path, start: str, links: list[Link], parties: dict[str, str]) -> bool:
    """Every step of the path is a link of the graph, and it ends at a party of the role."""
    here = start
    joined = {(link.one, link.other, link.kind) for link in links}
    for step in path.steps:
        if not {(here, step.node, step.kind), (step.node, here, step.kind)} & joined:
            return False
        here = step.node
    return parties.get(here) == path.role and len(path.steps) <= 2


def test_in_ten_thousand_graphs_no_planted_link_passes_and_each_path_is_real() -> None:
    for seed in range(10_000):
        links, parties, guilty = planted(seed)
        found = conflicts(links, parties)
        assert guilty <= found.keys(), seed
        assert all(leads(path, node, links, parties) for node, path in found.items()), seed


def test_three_links_away_nobody_is_blocked() -> None:
    chain = [Link("pro:a", "org:1", "employer"), Link("org:1", "org:2", "part_of"), Link("org:2", "party", "facility")]
    assert "pro:a" not in conflicts(chain, {"party": "payer"})
    assert "org:1" in conflicts(chain, {"party": "payer"})


def test_the_order_of_the_links_does_not_change_the_path() -> None:
    for seed in range(200):
        links, parties, _ = planted(seed)
        assert conflicts(links, parties) == conflicts(links[::-1], parties)


def test_the_path_is_told_with_the_names_that_are_known() -> None:
    links = [Link("pro:a", "pro:b", "co_authorship"), Link("pro:b", "org:h", "employer")]
    path = conflicts(links, {"org:h": "facility"})["pro:a"]
    told = path.explained({"org:h": "Valley Hospital"})
    assert told == "linked to the facility: co authorship → a colleague, employer → Valley Hospital"


def test_names_of_one_organisation_are_one_whatever_case_accent_and_legal_form() -> None:
    assert normal_name("Klinik  Süd GmbH") == normal_name("KLINIK SÜD, gGmbH") == normal_name("klinik sud")
    assert normal_name("The Co.") == "the co"
    assert normal_name("Clinic 1") != normal_name("Clinic 2")
