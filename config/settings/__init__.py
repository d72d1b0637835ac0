"""Settings by theme; ``dev``, ``test`` and ``production`` choose among them."""
