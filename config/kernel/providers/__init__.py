"""Calls that leave the process: bounded by the clock on the wall, and stopped while the other side is down."""

from config.kernel.providers.circuit import CircuitOpen, circuit
from config.kernel.providers.deadline import DeadlinePassed, within

__all__ = ["CircuitOpen", "DeadlinePassed", "circuit", "within"]
