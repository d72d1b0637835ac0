"""What is kept of a secret that was handed out: a link's, a session's, a ticket's, a key's."""

import hashlib


def token_hash(token: str) -> bytes:
    """The digest under which a random secret is stored and looked up.

    Such a secret has at least 128 random bits, so that nobody finds it by trying and a fast hash is enough; what a
    person chose (a password) goes through ``identity.services.sign_in.password_hashes``. Stored rows hold these
    digests: the function never changes.
    """
    return hashlib.sha256(token.encode()).digest()
