"""Long runs, each a command of its own: ``make check W=NAME``. `make test` holds a fixed sample of each."""
