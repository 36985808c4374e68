"""slurm/train.sbatch on a real Slurm: whatever ends a start of the job, it ends with the weights of an undisturbed run."""
import pytest
from conftest import ROOT, Run
from slurm_cluster import NODES

SCRIPT = ROOT / "slurm" / "train.sbatch"
TWO_TASKS = ["--nodes=1", "--ntasks-per-node=2", "--cpus-per-task=1"]
TWO_NODES = ["--nodes=2", "--ntasks-per-node=2", "--cpus-per-task=1"]


@pytest.fixture(scope="module")
def submit(cluster, repository):
    """submit(run, options): a job that trains this run."""

    def train(run, options, **more):
        return cluster.submit(repository, SCRIPT, run.configuration, options=options, **more)

    return train


class Limited:
    """A run whose job reaches its time limit while the first tests run: Slurm looks only every 30 s."""

    def __init__(self, submit, repository):
        self.run = Run(repository, "limited")
        # Of the script's @180: due at Slurm's first look. It leaves the processors to the others.
        self.job = submit(self.run, ["--time=1", *TWO_TASKS], niceness=19)


@pytest.fixture(scope="module", autouse=True)
def limited(submit, repository):
    return Limited(submit, repository)


def test_a_job_of_two_nodes_is_interrupted_and_goes_on(submit, repository, undisturbed):
    run = Run(repository, "nodes")
    job = submit(run, TWO_NODES)
    run.wait_for_steps(job)
    job.signal("USR1", "--batch")
    assert job.wait_until_requeued() == 1
    steps = run.let_end()
    job.start_now()
    job.wait_for("COMPLETED")
    assert "srun --mpi=pmix --kill-on-bad-exit=1 --wait=60 --ntasks=4 --cpus-per-task=1" in job.printed()
    assert sorted(run.hosts()) == sorted([*NODES, *NODES])
    assert run.summary()["num_workers"] == 4 and run.summary()["weights_xxh3"] == undisturbed(steps)


def test_the_lease_of_a_job_that_was_killed_does_not_stop_the_requeued_one(submit, repository, undisturbed):
    run = Run(repository, "killed")
    job = submit(run, TWO_TASKS)
    run.wait_for_steps(job)
    job.kill_as_a_crash_would()
    job.wait_for("FAILED")
    assert (run.folder / "owner.json").exists()
    job.requeue()
    job.wait_until_requeued()
    steps = run.let_end()
    job.start_now()
    job.wait_for("COMPLETED")
    assert "took over" in job.printed() and "resumed at step" in job.printed()
    assert run.summary()["weights_xxh3"] == undisturbed(steps)


def test_a_job_saves_at_its_time_limit_is_requeued_and_ends_as_one_undisturbed(limited, undisturbed):
    run, job = limited.run, limited.job
    assert job.wait_until_requeued(timeout_s=90) == 1
    stopped = run.summary()
    assert stopped["stop_reason"] == "signal" and stopped["steps"] > 0
    steps = run.let_end()
    job.start_now()
    job.wait_for("COMPLETED")
    assert "saved in time; back into the queue (start number 2 follows)" in job.printed()
    assert f"resumed at step {stopped['steps']}" in job.printed()
    assert run.summary()["steps"] == steps and run.summary()["weights_xxh3"] == undisturbed(steps)


def test_a_cancelled_job_is_not_requeued(submit, repository):
    run = Run(repository, "cancelled")
    job = submit(run, TWO_TASKS)
    run.wait_for_steps(job)
    job.cancel()
    assert job.wait_for("CANCELLED")["Restarts"] == "0"
    job.wait_until_gone()
    assert "back into the queue" not in job.printed()


def test_a_node_that_cannot_start_the_workers_is_asked_again(cluster, submit, repository, undisturbed):
    run = Run(repository, "unstarted")
    steps = run.let_end()
    job = submit(run, ["--hold", "--nodelist=restore0", *TWO_TASKS])
    # In the way of the job's first step; srun then ends with 0 as if the workers had done their work.
    in_the_way = cluster.folder / "tmp-restore0" / f"spmix_appdir_0_{job.number}.0"
    in_the_way.mkdir()
    job.release()
    job.wait_for("COMPLETED")
    in_the_way.rmdir()
    assert "aborted before step completely launched" in job.printed()
    assert run.summary()["weights_xxh3"] == undisturbed(steps)


def test_a_staged_store_is_removed_at_the_end_and_known_by_its_content(cluster, submit, repository, undisturbed):
    run = Run(repository, "staged")
    disk = cluster.folder / "disk"
    disk.mkdir()
    job = submit(run, TWO_NODES, STAGE="1", TMPDIR=str(disk))
    run.wait_for_steps(job)
    assert f'store: "{disk}/restore-store-{job.number}"' in (run.folder / "config.yaml").read_text()
    job.signal("USR1", "--batch")
    job.wait_until_requeued()
    assert not list(disk.iterdir())
    job.cancel()
    steps = run.let_end()
    unstaged = submit(run, TWO_TASKS)
    unstaged.wait_for("COMPLETED")
    assert "resumed at step" in unstaged.printed()
    assert run.summary()["weights_xxh3"] == undisturbed(steps)


def test_with_gpus_there_is_one_task_for_each_and_all_see_those_of_their_node(cluster, tmp_path):
    launch = tmp_path / "build" / "bin" / "restore-launch"
    launch.parent.mkdir(parents=True)
    launch.write_text("#!/bin/sh\nexec srun --mpi=pmix --ntasks=$SLURM_NTASKS --cpus-per-task=$SLURM_CPUS_PER_TASK sh -c "
                      "'echo $SLURMD_NODENAME $SLURM_LOCALID $CUDA_VISIBLE_DEVICES $SLURM_CPUS_PER_TASK'\n")
    launch.chmod(0o755)
    job = cluster.submit(tmp_path, SCRIPT, "train.yaml",
                         options=["--nodes=2", "--ntasks-per-node=1", "--cpus-per-task=4", "--gpus-per-node=2"])
    job.wait_for("COMPLETED")
    assert sorted(job.printed().splitlines()) == [f"{node} {task} 0,1 2" for node in NODES for task in (0, 1)]
