"""Live news over WebSocket: the database is replayed, Valkey only wakes."""
