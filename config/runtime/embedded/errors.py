"""What can go wrong with a server of our own."""


class ServiceError(RuntimeError):
    """A server could not be found, started or stopped; the text says what to do."""
