"""How long something may take in the browser: the goal, or more on a machine that others keep busy."""

TIMES = 2


def most(goal: float, alone: float) -> float:
    """The goal, or twice what the smallest thing of its kind took just before on this machine.

    On a quiet machine the smallest thing takes far less than half the goal, and the goal decides.
    """
    return max(goal, TIMES * alone)
