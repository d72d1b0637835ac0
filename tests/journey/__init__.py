"""The whole second opinion over HTTP, as its people live it: run by ``make demo`` and by the system tests."""
