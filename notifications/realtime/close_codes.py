"""Why a socket is closed. The same on ``/ws``, as WebSocket close codes, and in Socket.IO's event ``closed``."""

NOT_SIGNED_IN, FOREIGN, IDLE, TOO_MUCH = 4401, 4403, 4408, 4429
BROKEN, TRY_LATER = 1011, 1013
# What was sent is none of the messages that we take.
NOT_UNDERSTOOD = 1008
