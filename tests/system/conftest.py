"""A whole product for the journeys: real processes on a folder and a port of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime.embedded import Stack
from tests.platform.running import Product


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """Seeded on start, and stopped with its servers at the end."""
    product = Product(tmp_path / "product")
    yield product
    product.stop()
    Stack(product.data).stop()
