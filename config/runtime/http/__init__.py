"""The product's own gunicorn worker: a thread is held by a running request only, never by a slow client."""
