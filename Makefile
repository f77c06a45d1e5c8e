.PHONY: help demo test build serve check clean

help: ## list what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10
demo: ## set up, build, validate, serve, answer the route question
	sh scripts/demo
test: ## run every check and every test
	sh scripts/test
build: ## build the graph into data/
	.venv/bin/caspian build
check: ## check the mappings without building
	.venv/bin/caspian check
serve: ## serve the built graph on http://127.0.0.1:8000
	.venv/bin/caspian-api
clean: ## remove what was built; .venv stays
	rm -rf data dist .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
