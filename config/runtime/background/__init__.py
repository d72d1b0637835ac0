"""The long-running loops beside web and workers: relay and scheduler."""
