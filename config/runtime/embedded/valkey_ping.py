"""A ping in the Redis protocol, so that starting a server needs no client library."""

import socket


def answers(port: int, password: str, seconds: float = 2) -> bool:
    """Whether the server on ``port`` takes our password and answers a ping."""
    message = _command("AUTH", password) + _command("PING")
    try:
        with socket.create_connection(("127.0.0.1", port), seconds) as connection:
            connection.sendall(message)
            reply = b""
            while reply.count(b"\r\n") < 2:
                part = connection.recv(4096)
                if not part:
                    break
                reply += part
    except OSError:
        return False
    return b"+PONG" in reply


def _command(*parts: str) -> bytes:
    encoded = [part.encode() for part in parts]
    return b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in encoded)
