# The project's verbs. `make help` lists them.

PYTHON ?= python3
PROCESSES ?= 2

BIN := .venv/bin
RUNS := .venv/requirements.stamp
DEVELOPS := .venv/requirements-dev.stamp
AUDITOR := .venv-audit/bin
AUDITS := .venv-audit/requirements.stamp
CLIENTS := .venv-clients/requirements.stamp
NODE_MODULES := frontend/node_modules/.package-lock.json
MANIFEST := frontend/dist/manifest.json
STATIC := staticfiles/collected.stamp
FRONTEND := $(shell find frontend/src frontend/styles frontend/public -type f 2>/dev/null) $(wildcard frontend/*.json frontend/*.ts)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard frontend/locale/*/LC_MESSAGES/*.po))
BUILT := $(STATIC) $(CATALOGUES)
IN_BROWSER := lighthouse pages recording
APPS := voicecollect export validation recordings prompts accounts languages common
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes

# Settings make their keys at the first start: here in a folder that no instance uses.
NO_DATA := DATA_DIR=.venv/no-data

.PHONY: help run test test-clients check audit sbom fix bench soak lock screenshots
.DELETE_ON_ERROR:

help:  ## list these verbs
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

# An instance that is tried at home takes the takes of existing apps too; who runs one for others sets what fits them.
run: export CLIENT_CONSENT ?= accept
run: $(RUNS) $(BUILT)  ## start an instance: PORT (8000) and DATA_DIR (./data) from the environment, Ctrl-C ends it
	@exec $(BIN)/python manage.py serve

test: $(DEVELOPS) $(BUILT)  ## install what tests need and run them all
	@bash tests/setup.sh
	@cd frontend && npm test --silent
	@$(NO_DATA) $(BIN)/python -m pytest -q -n $(PROCESSES) --dist loadfile -m "not alone"
	@echo "What records sound as it plays, one test at a time:"
	@$(NO_DATA) $(BIN)/python -m pytest -q -m alone

# What loads it knows nothing of this project: one environment publishes, the other reads.
test-clients: export RELEASE := $(CURDIR)/.venv-clients/release
test-clients: $(DEVELOPS) $(BUILT) $(CLIENTS)  ## load a release with the tools of others, unchanged
	@bash tests/setup.sh
	@rm -rf $(RELEASE) && mkdir -p $(RELEASE)/home
	@$(NO_DATA) $(BIN)/python -m tests.clients.publish $(RELEASE)
	@HOME=$(RELEASE)/home .venv-clients/bin/python -m pytest -q -c tests/clients/pytest.ini tests/clients

check: $(DEVELOPS) $(NODE_MODULES) $(MANIFEST) audit  ## lint, types, layers, migrations, deployment, dangers
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@cd frontend && npm run --silent check
	@$(NO_DATA) $(BIN)/python manage.py makemigrations --check --dry-run
	@$(NO_DATA) SITE_URL=https://example.org $(BIN)/python manage.py check --deploy --fail-level WARNING

# What each tool looks for: requirements-audit.in. Its own rules: audit/.
audit: $(AUDITS) $(DEVELOPS)  ## dangers in code, migrations, secrets and licences
	@$(AUDITOR)/semgrep --quiet --metrics=off --disable-version-check --test audit/ >/dev/null
	@$(AUDITOR)/semgrep scan --quiet --error --metrics=off --disable-version-check --config audit/rules.yaml \
		--exclude tests --exclude audit .
	@$(AUDITOR)/bandit -q -ll -r $(APPS)
	@git ls-files -z ':!tests' ':!requirements*.txt' ':!*.po' ':!*.png' ':!*package-lock.json' | xargs -0 \
		$(AUDITOR)/detect-secrets-hook --exclude-lines 'user:password@host|openssl rand'
	@rm -rf .venv-audit/migrations && mkdir .venv-audit/migrations
	@$(NO_DATA) $(BIN)/python -m audit.migrations .venv-audit/migrations
	@find .venv-audit/migrations -name '*.sql' | xargs -r $(AUDITOR)/squawk >.venv-audit/squawk.txt || { cat .venv-audit/squawk.txt; exit 1; }
	@$(AUDITOR)/pip-licenses --python $(BIN)/python --from=mixed --partial-match --allow-only="$$(cat audit/licences.txt)" >/dev/null

sbom: $(AUDITS) $(NODE_MODULES)  ## bills of materials (CycloneDX) of what is installed, into sbom/
	@mkdir -p sbom
	@$(AUDITOR)/cyclonedx-py requirements requirements.txt --output-reproducible -o sbom/python.json
	@cd frontend && npm sbom --sbom-format cyclonedx --sbom-type application --omit dev >../sbom/frontend.json

screenshots: $(DEVELOPS) $(BUILT)  ## take pictures of every page into screenshots/, and renew those of the README and the docs
	@$(BIN)/python -m tests.browser.screenshots

fix: $(DEVELOPS)  ## mend what the linter can mend, and format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(DEVELOPS) $(if $(filter $(or $(NAME),pages),$(IN_BROWSER)),$(BUILT))  ## measure: NAME=audio one figure, without NAME all
	@for name in $(or $(NAME),$(filter-out __init__,$(basename $(notdir $(wildcard benchmarks/*.py))))); do \
		$(BIN)/python -m benchmarks.$$name || exit 1; done

soak: $(DEVELOPS) $(BUILT)  ## kill everything at random while takes are sent, for MINUTES (30), and count what is lost
	@$(BIN)/python -m tests.chaos.soak --minutes $(or $(MINUTES),30)

lock: $(DEVELOPS)  ## compile requirements*.in into requirements*.txt, with hashes
	@for name in requirements requirements-dev requirements-audit; do \
		$(BIN)/uv pip compile --quiet --generate-hashes --universal --no-strip-extras --python-version 3.11 --no-emit-index-url \
			--custom-compile-command "make lock" $$name.in -o $$name.txt || exit 1; done
	@$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-package torch \
		--custom-compile-command "make lock" --override requirements-clients-overrides.txt \
		requirements-clients.in -o requirements-clients.txt

$(BIN)/python:
	@$(PYTHON) -m venv .venv

$(RUNS): requirements.txt | $(BIN)/python
	@echo "Installing Python packages ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(DEVELOPS): requirements-dev.txt $(RUNS)
	@echo "Installing Python packages for development ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(AUDITS): requirements-audit.txt
	@echo "Installing Python packages for the audit ..."
	@$(PYTHON) -m venv .venv-audit
	@$(AUDITOR)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r requirements-audit.txt
	@touch $@

# torch has builds of many sizes under one version, so no hash can be locked; a plain install takes the one that fits.
$(CLIENTS): requirements-clients.txt
	@echo "Installing the tools of others that load releases ..."
	@$(PYTHON) -m venv .venv-clients
	@.venv-clients/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-deps --require-hashes \
		-r requirements-clients.txt
	@.venv-clients/bin/python -m pip install -qq --disable-pip-version-check --no-input torch==2.13.0
	@touch $@

$(NODE_MODULES): frontend/package-lock.json
	@echo "Installing Node packages ..."
	@cd frontend && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(MANIFEST): $(NODE_MODULES) $(FRONTEND)
	@echo "Building the frontend ..."
	@cd frontend && npm run --silent build >/dev/null
	@touch $@

$(STATIC): $(MANIFEST) $(RUNS)
	@$(NO_DATA) STATIC_ROOT=staticfiles $(BIN)/python manage.py collectstatic --no-input --clear --verbosity 0
	@touch $@

%.mo: %.po $(RUNS)
	@$(BIN)/pybabel --quiet compile -i $< -o $@
