"""How the product is built, checked, started and operated."""
