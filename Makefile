# Two commands matter: `make demo` shows a second opinion happen, `make test` runs every check.
# All they need is python3 (3.11 or newer) and make; the rest is installed into .venv and .local.
PYTHON ?= python3
BOOTSTRAP = $(PYTHON) -m deploy.bootstrap

.PHONY: demo run test check bench format install lock clean

demo: ## Start everything, run one case through it, keep serving (ONCE=1: end after it)
	@$(BOOTSTRAP) demo $(if $(ONCE),--once)

run: ## Serve until Ctrl-C
	@$(BOOTSTRAP) run

test: ## Format, lint, walls, types, checks, tests (ONLY="ruff types": some of them)
	@$(BOOTSTRAP) test $(ONLY)

check: ## One of the long runs (W=install; without W: their list)
	@$(BOOTSTRAP) check $(W)

bench: ## Measure against the raw limits (W=cases.list: one workload)
	@$(BOOTSTRAP) bench $(W)

format: ## Put every file into shape
	@$(BOOTSTRAP) format

install: ## Only make .venv
	@$(BOOTSTRAP) install

lock: ## Compile requirements/*.in into hashed locks and prove them whole (UV="--upgrade": newer releases)
	@$(BOOTSTRAP) lock $(UV)

clean: ## Stop the embedded servers and remove .venv; data in .local stay
	@-.venv/bin/python manage.py services down
	@rm -rf .venv
