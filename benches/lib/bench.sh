# shellcheck shell=bash
# Sourced by the scripts of benches/: `root`, the repository's folder; the programs; Pythons that have the baselines.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/lib/say.sh
source "$root/scripts/lib/say.sh"

build_benches() { "$root/scripts/build" --benches >&2; }

# use_environment NAME: `python` becomes that of a virtual environment with what benches/NAME/requirements.txt lists. It
# is made the first time, in build-baselines/NAME.
use_environment() {
  local environment=$root/build-baselines/$1 list=$root/benches/$1/requirements.txt
  python=$environment/bin/python
  if cmp -s "$list" "$environment/installed.txt"; then return; fi
  say "installing $list into $environment" >&2
  /usr/bin/python3 -m venv --clear "$environment"
  "$python" -m pip install --quiet --no-input --disable-pip-version-check -r "$list"
  cp "$list" "$environment/installed.txt"
}

# use_torch: `torch_python` becomes the Python of .venv. Its torch wants the names of GPU libraries that need not be here.
use_torch() {
  torch_python=$root/.venv/bin/python
  if "$torch_python" -c 'import torch' 2>/dev/null; then return; fi
  local site
  site=$("$torch_python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
  "$torch_python" "$root/tests/model/python/gpu_stand_ins.py" "$site/torch/lib" "$root/build/bench-stand-ins"
  export LD_LIBRARY_PATH=$root/build/bench-stand-ins
}
