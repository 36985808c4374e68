"""A worker without training: it stands beside a copy of restore-launch as restore-worker, beats, counts steps and fails as
a plan says. The plan, plan.json in its folder, has for each attempt (text; "*" for the others) and rank what to do:
{"steps": 9, "0": {"1": {"at": 3, "do": "kill"}}}: in attempt 0 worker 1 kills itself once it has done 3 steps; else all
end after 9. do: kill, stop or exit:N. It begins at the step that a checkpoint, saved.json, names, as a real one does."""
import json
import os
import signal
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
STEP_S = 0.1


def print_config():
    print((HERE / "config.yaml").read_text(), end="")
    sys.exit(0)


class Worker:
    def __init__(self):
        self.rank = int(os.environ.get("OMPI_COMM_WORLD_RANK", "0"))
        self.size = int(os.environ.get("OMPI_COMM_WORLD_SIZE", "1"))
        self.attempt = int(os.environ["RESTORE_ATTEMPT"])
        self.plan = json.loads((HERE / "plan.json").read_text())
        self.run = HERE / "run"
        self.beat = self.stop = 0
        saved = HERE / "saved.json"
        self.step = json.loads(saved.read_text()) if saved.exists() else 0
        signal.signal(signal.SIGUSR1, self.ask)
        signal.signal(signal.SIGTERM, self.ask)
        self.note("started", argv=sys.argv[1:], threads=os.environ["OMP_NUM_THREADS"], size=self.size, step=self.step)

    def ask(self, *_):
        self.stop = 1

    def note(self, event, **facts):
        row = {"event": event, "rank": self.rank, "attempt": self.attempt, "pid": os.getpid(), **facts}
        with open(HERE / "notes.jsonl", "a") as file:
            file.write(json.dumps(row) + "\n")

    def write_beat(self, phase):
        self.beat += 1
        folder = self.run / "heartbeats"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"worker-{self.rank}.json"
        facts = {"rank": self.rank, "num_workers": self.size, "host": os.uname().nodename, "pid": os.getpid(),
                 "attempt": self.attempt, "step": self.step, "sequence": 3 * self.step, "phase": phase,
                 "phase_s": 0.1, "samples_per_s": 12.5, "beat": self.beat}
        temporary = file.with_suffix(".tmp")
        temporary.write_text(json.dumps(facts))
        temporary.rename(file)

    def fate(self):
        of_attempt = self.plan.get(str(self.attempt), self.plan.get("*", {}))
        return of_attempt.get(str(self.rank), of_attempt.get("*", {}))

    def meet(self, fate):
        what = fate.get("do") if self.step >= fate.get("at", 0) else None
        if what == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif what == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        elif what and what.startswith("exit:"):
            os._exit(int(what[5:]))

    def save(self):
        if self.rank == 0:
            (self.run / "checkpoints").mkdir(parents=True, exist_ok=True)
            (HERE / "saved.json").write_text(str(self.step))

    def work(self):
        fate = self.fate()
        self.write_beat("start")
        time.sleep(fate.get("start_s", 0.3))
        while self.step < self.plan.get("steps", 1_000_000):
            self.write_beat("step")
            if self.step == 3 and "says" in self.plan:
                print(self.plan["says"], flush=True)
            self.meet(fate)
            if self.stop and not self.plan.get("never_saves"):
                self.save()
                self.note("saved", step=self.step)
                os._exit(85)
            if self.stop:
                self.note("asked")
                self.stop = 0
            time.sleep(STEP_S)
            self.step += 1
            if self.step % self.plan.get("save_every", 5) == 0:
                self.save()
        self.write_beat("end")


if "--print-config" in sys.argv:
    print_config()
Worker().work()
