"""The machine as a Mermaid diagram, made from its table: ``python -m tests.cases.workflow.diagram`` prints it."""

from cases.domain.workflow.transitions import TABLE

BEGIN, END = "<!-- machine:begin", "<!-- machine:end -->"


def diagram() -> str:
    """The numbered steps; cancelling and errors leave from nearly everywhere and are told in words."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> DRAFT"]
    for row in TABLE:
        if row.transition.startswith("T"):
            who = ", ".join(sorted(actor.replace("_", " ") for actor in row.who))
            lines.append(f"    {row.source} --> {row.target}: {row.transition} ({who})")
    return "\n".join([*lines, "```"])


def with_diagram(text: str) -> str:
    """A README with the diagram of today's table between its two marks."""
    head, rest = text.split(BEGIN, 1)
    mark, tail = rest.split("\n", 1)
    return f"{head}{BEGIN}{mark}\n{diagram()}\n{END}{tail.split(END, 1)[1]}"


if __name__ == "__main__":
    print(diagram())
