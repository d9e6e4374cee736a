# Everything happens in deploy/; Python 3.11, its venv module, make and git are enough.
PYTHON ?= python3
PORT ?= 8000
export PORT

.PHONY: help run papers test test-server check lock

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/'

run: ## the demo on http://localhost:8000 (PORT=… for another), until Ctrl-C
	@$(PYTHON) deploy/bootstrap.py run

papers: ## one of every PDF of the demo city in var/papers
	@$(PYTHON) deploy/bootstrap.py papers

test: ## every test; ARGS="-k word" for some
	@$(PYTHON) deploy/bootstrap.py test $(ARGS)

test-server: ## without browser, on DATABASE_URL or Debian's PostgreSQL 15
	@$(PYTHON) deploy/bootstrap.py test-server $(ARGS)

check: ## style, layers, migrations, deploy checks
	@$(PYTHON) deploy/bootstrap.py check

lock: ## resolve the Python requirements anew
	@$(PYTHON) deploy/bootstrap.py lock
