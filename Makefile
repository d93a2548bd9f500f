# Thin by intent: every target is a script that can be run by itself.
.DEFAULT_GOAL := help
.PHONY: help demo clean-demo test unit e2e soak mutations bench check crds images cluster-up cluster-down prerequisites

NAME ?= castellan

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## Kubernetes, Castellan, Kafka and messages through it, from nothing (KUBECONFIG=… for your own Kubernetes)
	@scripts/demo

clean-demo: ## take all of the demo away
	@scripts/clean-demo

test: ## everything: unit tests, images, end-to-end tests
	@scripts/test

unit: ## unit tests, golden files, simulation: no Docker
	@scripts/unit

e2e: ## end-to-end tests on three nodes (KUBECONFIG=… for your own Kubernetes; ARGS=-Dit.test=… for one)
	@scripts/e2e $(ARGS)

bench: ## the figures of docs/benchmarks.md, measured here
	@scripts/bench $(ARGS)

soak: ## long runs: the simulation with very many seeds, the test cluster from every state
	@scripts/soak

mutations: ## take the safety conditions away, one at a time: does the simulation find it?
	@scripts/mutations

check: ## formatting, scripts, generated files
	@scripts/check

crds: ## generate CRDs and API reference from the Java types
	@scripts/crds

images: ## build the operator's image and the broker images of every Kafka version
	@scripts/images all

cluster-up: ## a Kubernetes of three nodes in three zones, on Docker (NAME=castellan)
	@e2e-tests/test-cluster/up $(NAME)

cluster-down: ## take it away, with its data
	@e2e-tests/test-cluster/down $(NAME)

prerequisites: ## install what this machine lacks, or name the cure
	@scripts/prerequisites
