"""A batch job as the tests see it: its state, its output, its processes, and what may happen to it."""
import os
import signal
import time


def wait_for(condition, what, timeout_s=30):
    end = time.monotonic() + timeout_s
    while not (result := condition()):
        assert time.monotonic() < end, f"waited {timeout_s} s for {what() if callable(what) else what}"
        time.sleep(0.1)
    return result


def kill_all(processes):
    for pid in processes:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


class Job:
    """A batch job, by its number."""

    def __init__(self, cluster, number, log):
        self.cluster, self.number, self.log = cluster, number, log

    def printed(self):
        return self.log.read_text() if self.log.exists() else ""

    def shown(self):
        """What `scontrol show job` says, by key."""
        words = self.cluster.output("scontrol", "show", "-o", "job", str(self.number)).split()
        return dict(word.split("=", 1) for word in words if "=" in word)

    def wait_for(self, *states, timeout_s=300):
        """Waits until the job is in one of these states; what is shown of it then."""
        def reached():
            shown = self.shown()
            return shown if shown["JobState"] in states else None
        return wait_for(reached, lambda: f"{states}, got {self.shown()}\n{self.printed()}", timeout_s)

    def wait_until_requeued(self, timeout_s=60):
        """Waits until the job is in the queue again and its start before has ended. Its number of restarts."""
        wait_for(lambda: self.shown()["Restarts"] != "0", lambda: f"a restart, got {self.shown()}\n{self.printed()}", timeout_s)
        restarts = int(self.wait_for("PENDING", timeout_s=timeout_s)["Restarts"])
        # Slurm waits two minutes before it starts a requeued job. Without them, what is left of this start would stop the
        # next: its steps have the same numbers, and so have their folders.
        self.wait_until_gone()
        return restarts

    def wait_until_gone(self):
        """Waits until no process of the job is left on any node."""
        wait_for(lambda: not self.processes(with_keepers=True), lambda: f"the end of {self.processes(with_keepers=True)}")

    def signal(self, name, *options):
        self.cluster.output("scancel", f"--signal={name}", *options, str(self.number))

    def cancel(self):
        self.cluster.output("scancel", str(self.number))

    def requeue(self):
        self.cluster.output("scontrol", "requeue", str(self.number))

    def release(self):
        self.cluster.output("scontrol", "release", str(self.number))

    def start_now(self):
        """A requeued job waits two minutes before it starts; this one does not, and has time enough to end."""
        self.cluster.output("scontrol", "update", f"JobId={self.number}", "StartTime=now", "TimeLimit=30")

    def kill_as_a_crash_would(self):
        """Kills all processes of the job on all nodes, without the warning that scancel gives them."""
        kill_all(self.processes())

    def processes(self, with_keepers=False):
        """Those of the batch script and its steps, srun and the workers; and slurmd's that keep them."""
        task, keeper = f"SLURM_JOB_ID={self.number}".encode(), f"slurmstepd: [{self.number}.".encode()
        return [pid for pid, (line, environment) in self.cluster.processes().items()
                if task in environment or with_keepers and line.startswith(keeper)]
