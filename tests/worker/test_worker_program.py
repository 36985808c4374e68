"""restore-worker as a person runs it: its records read back by tensorboard, its signals, its refusals."""
import io
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("RESTORE_BIN", ROOT / "build" / "bin"))
MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-np"]
TINY = {"run.threads": 1, "run.log_every_steps": 2, "sampling.crop": 8,
        "network.find": "[4, 8]", "network.restore": "[4, 8]", "network.colourise": "[4]",
        "network.blocks": 1, "schedule.steps": 8, "schedule.micro_batches_per_step": 4, "schedule.micro_batch_size": 2,
        "validation.every_steps": 4, "validation.batch": 2, "validation.pictures": 1}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("worker") / "store"
    subprocess.run([BIN.parent / "tests" / "make_tiny_store", folder], check=True)
    return folder


@pytest.fixture
def command(store, tmp_path):
    """command(workers=1, **values): the command line of a tiny run; `__` stands for a dot."""

    def make(workers=1, *arguments, **values):
        settings = {**TINY, "run.name": "tiny", "run.folder": tmp_path, "data.store": store,
                    **{key.replace("__", "."): value for key, value in values.items()}}
        words = [f"--set={key}={value}" for key, value in settings.items()]
        prefix = [*MPIRUN, str(workers)] if workers > 1 else []
        return [*prefix, str(BIN / "restore-worker"), *words, *arguments]

    return make


def run(words, **variables):
    environment = {**os.environ, **variables}
    return subprocess.run(words, capture_output=True, text=True, timeout=60, env=environment)


def rows_of(run_folder, kind):
    rows = map(json.loads, (run_folder / "metrics.jsonl").read_text().splitlines())
    return [row for row in rows if row["kind"] == kind]


def wait_for(condition, what):
    for _ in range(300):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"waited 30 s for {what}")


def test_tensorboard_reads_what_metrics_say(command, tmp_path):
    result = run(command(2))
    assert result.returncode == 0, result.stderr
    events = EventAccumulator(str(tmp_path / "tiny" / "tensorboard"))
    events.Reload()
    for tag, kind, key in [("train/loss", "train", "loss"), ("train/learning_rate", "train", "learning_rate"),
                           ("validation/psnr", "validation", "psnr")]:
        rows = rows_of(tmp_path / "tiny", kind)
        assert [event.step for event in events.Scalars(tag)] == [row["step"] for row in rows]
        assert [event.value for event in events.Scalars(tag)] == pytest.approx([row[key] for row in rows])
    pictures = events.Images("samples/0")
    assert [event.step for event in pictures] == [4, 8]
    picture = Image.open(io.BytesIO(pictures[0].encoded_image_string))
    assert picture.size == (3 * 16, 16)  # aged | restored | clean


# Of the tiny network on 8 x 8 pixels, forward and backward. Finding and restoring: 4 x 4 cells with 4 channels and 2 x 2 with
# 8; a block is two convolutions of 3 x 3, 4,608 multiply-adds at either level. Colouring: 2 x 2 cells with 4 channels. What
# a picture enters by has no gradient of its input.
TINY_BOTH_GRADIENTS = (2 * (3 * 4608 + 2 * 512 + 16 * 9 * 4 * 4)  # finding, restoring: blocks; down and up; head
                       + 2 * 4 * 9 * 4 * 4 + 4 * 9 * 4 * 2)  # colouring: a block; head
TINY_ONE_GRADIENT = 16 * 9 * (4 + 12) * 4 + 4 * 9 * 4 * 4  # stems: one plane and three; colouring's
TINY_FLOPS = 2 * (3 * TINY_BOTH_GRADIENTS + 2 * TINY_ONE_GRADIENT)


def test_metrics_and_summary_say_where_the_time_went(command, tmp_path):
    assert run(command(2)).returncode == 0
    rows = rows_of(tmp_path / "tiny", "train")
    for row in rows:
        assert 0 <= row["data_wait_s"] + row["communication_s"] < row["step_s"]
        # 8 samples a step
        assert row["conv_gflops"] == pytest.approx(8 * TINY_FLOPS / 1e9 / row["step_s"])
    summary = json.loads((tmp_path / "tiny" / "summary.json").read_text())
    assert summary["step_s"] == pytest.approx(sum(row["step_s"] for row in rows) / len(rows))
    assert 0 < summary["data_wait_share"] + summary["communication_share"] < 2
    assert summary["conv_gflops"] == pytest.approx(8 * TINY_FLOPS / 1e9 / summary["step_s"])


def test_the_trace_shows_the_phases_of_exactly_the_chosen_steps(command, tmp_path):
    assert run(command(2, profile__steps="3:4")).returncode == 0
    for rank in (0, 1):
        events = json.loads((tmp_path / "tiny" / f"trace-worker-{rank}.json").read_text())["traceEvents"]
        spans = [event for event in events if event["ph"] == "X"]
        assert {span["pid"] for span in spans} == {rank}
        outer = [span for span in spans if span["name"].startswith("step")]
        assert [span["name"] for span in outer] == ["step 3", "step 4"]
        for step in outer:
            inner = [span for span in spans if span["args"] == step["args"] and span is not step]
            micro_batch = ["data", "forward", "backward"]
            assert [span["name"] for span in inner] == 2 * micro_batch + ["reduce", "optimizer", "reduce", "optimizer",
                                                                          "ema"]
            ends = [step["ts"]]
            for span in inner:
                assert span["ts"] >= ends[-1] and span["dur"] >= 0
                ends.append(span["ts"] + span["dur"])
            assert ends[-1] <= step["ts"] + step["dur"] + 1e-3


def test_fine_tuning_begins_with_a_model_file_and_says_what_it_took(command, tmp_path):
    assert run(command(run__name="first")).returncode == 0
    model = tmp_path / "model.safetensors"
    assert run([BIN / "restore-export", tmp_path / "first", "-o", model]).returncode == 0
    result = run(command(2, "--init", model, "--freeze", "find.*", "--freeze", "restore.stem.*", run__name="tuned"))
    assert result.returncode == 0, result.stderr
    assert f"weights begin as in {model}" in result.stderr
    config = (tmp_path / "tuned" / "config.yaml").read_text()
    assert f'init: "{model}"' in config and 'freeze: ["find.*", "restore.stem.*"]' in config
    missing = run(command(1, "--init", tmp_path / "nowhere", run__name="untuned"))
    assert missing.returncode == 74 and "nowhere" in missing.stderr


def test_summary_is_the_same_at_any_number_of_workers(command, tmp_path):
    summaries = []
    for workers in (1, 2):
        assert run(command(workers, run__name=f"of-{workers}")).returncode == 0
        summaries.append(json.loads((tmp_path / f"of-{workers}" / "summary.json").read_text()))
    one, two = summaries
    assert (one["num_workers"], two["num_workers"]) == (1, 2)
    assert one["samples"] == two["samples"] == 64
    assert one["last_psnr"] == pytest.approx(two["last_psnr"], abs=1e-3)
    assert two["peak_rss_bytes"] < 1.5 * 2**30


def test_usr1_saves_and_exits_with_85_and_the_job_goes_on(command, tmp_path):
    words = command(2, schedule__steps=100_000, schedule__max_minutes=0.1)
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as job:
        wait_for((tmp_path / "tiny" / "metrics.jsonl").exists, "the first steps")
        job.send_signal(signal.SIGUSR1)
        assert job.wait(timeout=30) == 85
    stopped_at = json.loads((tmp_path / "tiny" / "summary.json").read_text())["steps"]
    result = run(words)
    assert result.returncode == 0, result.stderr
    assert f"resumed at step {stopped_at}" in result.stderr
    assert json.loads((tmp_path / "tiny" / "summary.json").read_text())["stop_reason"] == "minutes"


def test_a_folder_that_a_live_job_owns_is_refused_and_a_dead_ones_is_taken_over(command, tmp_path):
    words = command(schedule__steps=100_000, validation__every_steps=20)
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as job:
        wait_for((tmp_path / "tiny" / "checkpoints" / "best.json").exists, "a checkpoint")
        second = run(words)
        assert second.returncode == 64
        assert f"belongs to a job that is running: process {job.pid}" in second.stderr
        job.kill()
    third = run(command(schedule__steps=20))
    assert third.returncode == 0, third.stderr
    assert f"its owner, process {job.pid}" in third.stderr and "resumed at step" in third.stderr


def test_an_error_names_the_worker_and_ends_all(command):
    result = run(command(2, data__store="/nowhere"))
    assert result.returncode == 64
    assert "error in worker" in result.stderr and "/nowhere" in result.stderr


def test_a_number_of_workers_that_cannot_share_a_step_is_refused(command):
    result = run(command(3))
    assert result.returncode == 78
    assert "start 1, 2, 4 workers" in result.stderr


def test_srun_without_pmix_is_refused_instead_of_training_many_jobs_of_one(command):
    result = run(command(), SLURM_STEP_NUM_TASKS="2")
    assert result.returncode == 64
    assert "use srun --mpi=pmix" in result.stderr


@pytest.mark.parametrize("setting, message", [
    ("schedule.step=5", "the nearest known one is 'steps'"),
    ("schedule.minutes=7", "the nearest known one is 'max_minutes'"),
    ("schedule.final_share=0.1", "known are max_minutes, micro_batch_size"),
    ("schedule.steps=0", "schedule.steps must be at least 1"),
    ("comm.reduction=best", "must be fast or tree, got 'best'"),
    ("run.device=gpu", "run.device must be auto, cpu or cuda"),
    ("run.precision=fp16", "run.precision must be auto, fp32, tf32 or bf16"),
    ("profile.steps=12:10", "expected FIRST:LAST"),
    ("optimizer.freeze=[nothing.*]", "no weight is named like 'nothing.*'"),
])
def test_a_wrong_configuration_is_refused(command, setting, message):
    result = run([*command(), f"--set={setting}"])
    assert result.returncode == 78
    assert message in result.stderr


@pytest.mark.parametrize("device, setting, message", [
    ("cuda", "run.seed=1", "the NVIDIA driver finds no GPU"),
    ("cpu", "comm.backend=nccl", "comm.backend is nccl, which sums on GPUs"),
    ("cpu", "run.precision=tf32", "use fp32"),
])
def test_what_only_a_gpu_does_is_refused_without_one(command, device, setting, message):
    result = run([*command(), f"--set=run.device={device}", f"--set={setting}"], CUDA_VISIBLE_DEVICES="")
    assert result.returncode == 78
    assert message in result.stderr


@pytest.mark.parametrize("setting, message", [("schedule.stepz=3", "stepz"), ("data.store=/no/such/store", "/no/such/store")])
def test_what_all_workers_meet_is_told_once(command, setting, message):
    result = run([*command(2), f"--set={setting}"])
    assert result.returncode in (64, 78)
    assert sum("error" in line and message in line for line in result.stderr.splitlines()) == 1, result.stderr


def test_the_file_of_defaults_is_what_the_program_prints():
    printed = run([BIN / "restore-worker", "--print-config"])
    assert printed.returncode == 0
    assert printed.stdout in (ROOT / "configs" / "defaults.yaml").read_text()


@pytest.mark.parametrize("name", ["defaults", "train", "demo", "colour", "red30"])
def test_the_shipped_configurations_are_accepted(name):
    result = run([BIN / "restore-worker", "--config", ROOT / "configs" / f"{name}.yaml", "--print-config"])
    assert result.returncode == 0, result.stderr
