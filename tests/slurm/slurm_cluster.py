"""A real Slurm of two nodes on this machine: munged, slurmctld and a slurmd for each node, in a folder of their own with
ports of their own, without systemd, cgroups and accounting. Each node has a host name of its own (a UTS namespace, so
it needs root), four cores, whatever the machine has, and two GPUs that are none: what a task gets to see can be looked
at without a driver."""
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from batch_job import Job, kill_all, wait_for

NODES = ("restore0", "restore1")
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun")
NEEDS_ROOT = "the nodes have host names of their own, which needs root: run the tests as root, in a container with SYS_ADMIN"
NEEDS = "scripts/setup installs Debian's packages munge slurmctld slurmd slurm-client"

CONFIGURATION = """ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
SlurmctldPort={ports[0]}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
TmpFS={folder}/tmp-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
MailProg=/bin/true
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,batch_sched_delay=0
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
GresTypes=gpu
KillWait=5
PropagatePrioProcess=1
ReturnToService=2
NodeName=restore0 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=4 RealMemory=2000 Gres=gpu:2
NodeName=restore1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=4 RealMemory=2000 Gres=gpu:2
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
GPUS = "NodeName=restore[0-1] Name=gpu File=/dev/null,/dev/zero\n"


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class SlurmCluster:
    def __init__(self):
        missing = [name for name in PROGRAMS if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
        assert not missing, f"{', '.join(missing)} not found: {NEEDS}"
        # Not pytest's folder: the path of a socket may have 107 letters.
        self.folder = Path(tempfile.mkdtemp(prefix="restore-slurm-"))
        self.daemons = []
        self.environment = {**os.environ, "SLURM_CONF": str(self.folder / "slurm.conf"),
                            "PATH": os.environ["PATH"] + ":/usr/sbin",
                            # Two nodes of one machine meet on its loop-back, which MPI leaves out by itself, and share
                            # its cores: who waits gives way.
                            "OMPI_MCA_btl_tcp_if_include": "lo", "OMPI_MCA_mpi_yield_when_idle": "1"}
        try:
            self._configure()
            self._start_daemons()
        except BaseException:
            self.close()
            raise

    def _configure(self):
        user = self.output("id", "-un")
        text = CONFIGURATION.format(host=socket.gethostname().split(".")[0], user=user, folder=self.folder, ports=free_ports(3))
        (self.folder / "slurm.conf").write_text(text)
        (self.folder / "gres.conf").write_text(GPUS)
        for name in ("state", *(f"{kind}-{node}" for kind in ("spool", "tmp") for node in NODES)):
            (self.folder / name).mkdir()
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o600)

    def _start_daemons(self):
        folder = self.folder
        self._try_namespace()
        self._start("munged", "--foreground", "--force", f"--key-file={folder}/munge.key", f"--socket={folder}/munge.sock",
                    f"--pid-file={folder}/munge.pid", f"--log-file={folder}/munge.log", f"--seed-file={folder}/munge.seed")
        wait_for((folder / "munge.sock").exists, self.logs)
        self._start("slurmctld", "-D")
        for node in NODES:
            self._start("unshare", "--uts", "sh", "-c", f"hostname {node} && exec slurmd -D -N {node}")
        wait_for(lambda: self.try_output("sinfo", "-h", "-o", "%D", "-t", "idle") == "2", self.logs)

    def _try_namespace(self):
        result = subprocess.run(["unshare", "--uts", "true"], capture_output=True, text=True)
        assert result.returncode == 0, f"{result.stderr}\n{NEEDS_ROOT}"

    def _start(self, *words):
        with open(self.folder / f"{words[0]}-{len(self.daemons)}.out", "w") as output:
            self.daemons.append(subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *words], env=self.environment,
                                                 stdout=output, stderr=output, stdin=subprocess.DEVNULL))

    def logs(self):
        """The last lines of all daemons, for a message."""
        files = [*self.folder.glob("*.log"), *self.folder.glob("*.out")]
        return "\n".join(f"{file.name}: {line}" for file in files for line in file.read_text().splitlines()[-5:])

    def output(self, *words):
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, check=True,
                              timeout=30).stdout.strip()

    def try_output(self, *words):
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=30).stdout.strip()

    def submit(self, folder, script, *arguments, options=(), niceness=0, **environment):
        """sbatch, from this folder; the job. What it prints goes to a file there, restarts included."""
        words = ["nice", f"-n{niceness}", "sbatch", "--parsable", "--output=job-%j.log", *options, script, *arguments]
        result = subprocess.run(list(map(str, words)), env={**self.environment, **environment}, capture_output=True,
                                text=True, timeout=30, cwd=folder)
        assert result.returncode == 0, result.stderr
        number = int(result.stdout)
        return Job(self, number, folder / f"job-{number}.log")

    def processes(self):
        """All that runs for this Slurm, the daemons included: process number -> (command line, environment), in bytes."""
        mark = f"SLURM_CONF={self.folder}/slurm.conf".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                environment = (folder / "environ").read_bytes().split(b"\0")
                if mark in environment:
                    found[int(folder.name)] = ((folder / "cmdline").read_bytes(), environment)
            except OSError:  # ended meanwhile
                continue
        return found

    def close(self):
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(timeout=5)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        while left := self.processes():  # jobs outlive the daemons
            kill_all(left)
            time.sleep(0.1)
        shutil.rmtree(self.folder)
