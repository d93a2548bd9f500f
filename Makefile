# Thin by intent: every target is a script that can be run by itself.
.DEFAULT_GOAL := help
.PHONY: help cluster-up cluster-down

NAME ?= castellan

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

cluster-up: ## a Kubernetes of three nodes in three zones, on Docker (NAME=castellan)
	@e2e-tests/test-cluster/up $(NAME)

cluster-down: ## take it away, with its data
	@e2e-tests/test-cluster/down $(NAME)
