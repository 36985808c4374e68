# shellcheck shell=bash
# Sourced by the scripts: one way to talk and one way to fail.
say() { printf '== %s\n' "$*"; }
fail() { printf '%s\n' "$1" >&2; exit "${2:-1}"; }
