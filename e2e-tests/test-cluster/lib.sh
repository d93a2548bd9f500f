# Sourced by the scripts of this folder.
# shellcheck shell=bash
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
HERE=$ROOT/e2e-tests/test-cluster
BUILT_IMAGE=castellan/k3s:v1.35.4

nodes_of() { docker ps -aq --filter "label=castellan.dev/test-cluster=$1" "${@:2}"; }
