"""The product's processes while they run: who starts them again, who watches them, what they say of themselves."""
