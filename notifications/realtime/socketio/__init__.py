"""Socket.IO beside ``/ws``: the same connections, the same replay, in the protocol of the official client."""
