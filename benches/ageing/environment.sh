# shellcheck shell=bash
# Sourced by the benches: sets `environment` to a virtual environment with what requirements/benches.txt lists.
environment=build/bench-baselines
if ! cmp -s requirements/benches.txt "$environment/installed.txt"; then
  say "installing requirements/benches.txt into $environment"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --no-input -r requirements/benches.txt
  cp requirements/benches.txt "$environment/installed.txt"
fi
