"""The batch scripts outside Slurm: with a small program in the job's place and a fake scontrol they forward the signal
of the time limit, wait for the job's end and requeue. tests/slurm is the place of a real cluster."""
import signal
import subprocess
import time

import pytest
from conftest import ROOT

JOB = """
trap 'touch got-usr1; sleep 0.4; exit 85' USR1
trap 'touch got-term; sleep 0.2; exit 143' TERM
echo "$@" >arguments
[[ -z ${EXIT_WITH:-} ]] || exit "$EXIT_WITH"
for _ in $(seq 300); do sleep 0.1; done
"""


@pytest.fixture
def job(tmp_path, fake_programs):
    """job(script, *arguments, **environment): the batch script as slurmd starts it, in a folder like a repository."""
    programs = tmp_path / "build" / "bin"
    programs.mkdir(parents=True)
    for name in ("restore-launch", "restore-shard"):
        (programs / name).write_text("#!/usr/bin/env bash\n" + JOB)
        (programs / name).chmod(0o755)
    environment = fake_programs(scontrol='echo "$@" >>scontrol-calls\n')

    def start(script, *arguments, **more):
        return subprocess.Popen(["bash", ROOT / "slurm" / script, *arguments], cwd=tmp_path, stdout=subprocess.PIPE,
                                env={**environment, "SLURM_JOB_ID": "17", "SLURM_SUBMIT_DIR": str(tmp_path), **more})

    return start


def wait_for(file):
    end = time.monotonic() + 10
    while not file.exists():
        assert time.monotonic() < end, f"{file} does not appear"
        time.sleep(0.02)


def test_training_saves_at_its_time_limit_and_is_requeued(job, tmp_path):
    batch = job("train.sbatch", "configs/train.yaml", "--set", "a.b=1")
    wait_for(tmp_path / "arguments")
    batch.send_signal(signal.SIGUSR1)
    assert batch.wait(timeout=20) == 85
    assert (tmp_path / "got-usr1").exists()
    assert (tmp_path / "scontrol-calls").read_text() == "requeue 17\n"
    assert (tmp_path / "arguments").read_text() == "--config configs/train.yaml --resume auto --set a.b=1\n"


def test_a_second_signal_does_not_end_the_wait(job, tmp_path):
    batch = job("train.sbatch", "configs/train.yaml")
    wait_for(tmp_path / "arguments")
    batch.send_signal(signal.SIGUSR1)
    wait_for(tmp_path / "got-usr1")
    batch.send_signal(signal.SIGUSR1)
    assert batch.wait(timeout=20) == 85


@pytest.mark.parametrize("code", [0, 75, 78])
def test_other_ends_of_training_are_not_requeued(job, tmp_path, code):
    assert job("train.sbatch", "configs/train.yaml", EXIT_WITH=str(code)).wait(timeout=20) == code
    assert not (tmp_path / "scontrol-calls").exists()


def test_a_cancelled_training_is_not_requeued(job, tmp_path):
    batch = job("train.sbatch", "configs/train.yaml")
    wait_for(tmp_path / "arguments")
    batch.send_signal(signal.SIGTERM)
    assert batch.wait(timeout=20) == 143
    assert (tmp_path / "got-term").exists() and not (tmp_path / "scontrol-calls").exists()


def test_sharding_stops_at_its_time_limit_and_is_requeued(job, tmp_path):
    batch = job("shard.sbatch", "photos", "store", "--strict")
    wait_for(tmp_path / "arguments")
    batch.send_signal(signal.SIGUSR1)
    assert batch.wait(timeout=20) == 143
    assert (tmp_path / "got-term").exists()
    assert (tmp_path / "scontrol-calls").read_text() == "requeue 17\n"
    assert (tmp_path / "arguments").read_text() == "--photos photos --store store --strict\n"


@pytest.mark.parametrize("several", [{"SLURM_JOB_NUM_NODES": "4"}, {"SLURM_NTASKS": "2"}])
def test_sharding_on_several_nodes_is_started_by_srun(job, tmp_path, several):
    (tmp_path / "fake-bin" / "srun").write_text('#!/usr/bin/env bash\necho "$@" >srun-arguments\n')
    (tmp_path / "fake-bin" / "srun").chmod(0o755)
    assert job("shard.sbatch", "photos", "store", SLURM_CPUS_PER_TASK="16", **several).wait(timeout=20) == 0
    words = (tmp_path / "srun-arguments").read_text().split()
    assert words[words.index("build/bin/restore-shard"):] == ["build/bin/restore-shard", "--photos", "photos", "--store", "store"]
    assert {"--mpi=pmix", "--kill-on-bad-exit=1", "--cpus-per-task=16"} <= set(words)


@pytest.mark.parametrize("script", ["train.sbatch", "shard.sbatch"])
def test_options_of_sbatch_come_before_any_command(script):
    lines = (ROOT / "slurm" / script).read_text().splitlines()
    first_command = next(number for number, line in enumerate(lines) if line and not line.startswith("#"))
    options = [number for number, line in enumerate(lines) if line.startswith("#SBATCH")]
    assert options and max(options) < first_command
    assert any("--signal=B:USR1@" in lines[number] for number in options)
