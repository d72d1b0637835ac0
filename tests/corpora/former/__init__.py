"""What the reader of before made of a hundred documents."""
