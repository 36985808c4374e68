"""Two hosts on one machine: network and host-name namespaces joined by a cable that can be cut.

Nothing of this machine changes: both namespaces live as long as a process that this one holds by a pipe, have no names
that two test runs could share, and see a hosts file of their own. Processes see one file system, as over a network disk.
"""
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

NEEDS = ("two hosts are made with Linux namespaces, which needs root and Debian's iproute2 and util-linux: run the tests "
         "as root, in a container with --cap-add SYS_ADMIN --cap-add NET_ADMIN, or without root as "
         "`unshare --user --map-root-user --mount ctest -R two_hosts`")

# Holds the namespaces: sets them up, says so, and ends when its standard input is closed.
HOLDER = 'hostname "$0" && mount --bind "$1" /etc/hosts && ip link set lo up && echo ready && exec cat'

# The place of ssh: reaches a host only through the cable, as ssh would, and gives the command no more environment.
SSH = """#!{python}
import errno, os, socket, sys
words = sys.argv[1:]
while words[0].startswith("-"):
    words.pop(0)
host, command = words[0], " ".join(words[1:])
with socket.socket() as probe:
    probe.settimeout(5)
    if probe.connect_ex((host, 22)) not in (0, errno.ECONNREFUSED):  # refused: the host is there
        sys.exit(f"ssh stand-in: {{host}} cannot be reached")
pid = open(f"{folder}/{{host}}.pid").read()
# A session of its own: no signal for a process group here reaches what runs there.
os.execvp("nsenter", ["nsenter", f"--target={{pid}}", "--net", "--uts", "--mount", "--", "setsid", "--wait",
                      "env", "-i", "PATH=" + os.environ["PATH"], "sh", "-c", command])
"""


class Host:
    """One of the two; `enter` is the start of a command line that runs a program there."""

    def __init__(self, name, hosts_file):
        self.name = name
        self._holder = subprocess.Popen(
            ["unshare", "--net", "--uts", "--mount", "sh", "-c", HOLDER, name, hosts_file],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.pid = self._holder.pid
        if self._holder.stdout.readline() != "ready\n":
            raise AssertionError(f"{NEEDS}\n{self._holder.stderr.read()}")
        self.enter = ["nsenter", f"--target={self.pid}", "--net", "--uts", "--mount", "--"]

    def run(self, *words):
        subprocess.run([*self.enter, *words], check=True, timeout=20)

    def give_up_soon(self):
        """TCP sends no keepalives while something is unacknowledged, but that again and again: for minutes by default."""
        self.run("sh", "-c", "echo 4 >/proc/sys/net/ipv4/tcp_retries2")  # about 6 s

    def processes(self):
        """The processes that run there: pid -> command line."""
        here = os.readlink(f"/proc/{self.pid}/ns/net")
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{pid}/ns/net") == here and int(pid) != self.pid:
                    found[int(pid)] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:  # ended meanwhile
                continue
        return {pid: line for pid, line in found.items() if line}  # the dead that nobody waited for have none

    def close(self):
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._holder.communicate()


def environment_for_mpirun(folder):
    """The environment of a program on one of the hosts, for which mpirun reaches the others. `folder`/NAME.pid tells each."""
    agent = folder / "ssh"
    agent.write_text(SSH.format(python=sys.executable, folder=folder))
    agent.chmod(0o755)
    return {**os.environ, "OMPI_MCA_plm_rsh_agent": str(agent), "OMPI_MCA_orte_tmpdir_base": str(folder)}


class TwoHosts:
    """`left` and `right`. Programs start on `left`, as a person would; mpirun finds its way to `right`."""

    def __init__(self, folder):
        (folder / "hosts").write_text("127.0.0.1 localhost\n10.77.0.1 left\n10.77.0.2 right\n")
        self.hosts = []
        try:
            for name in ("left", "right"):
                self.hosts.append(Host(name, str(folder / "hosts")))
                (folder / f"{name}.pid").write_text(str(self.hosts[-1].pid))
            self.left, self.right = self.hosts
            self._lay_cable()
        except BaseException:
            self.close()
            raise
        self.environment = environment_for_mpirun(folder)

    def _lay_cable(self):
        self.left.run("ip", "link", "add", "cable0", "type", "veth", "peer", "name", "cable0", "netns", str(self.right.pid))
        for host, address in ((self.left, "10.77.0.1/24"), (self.right, "10.77.0.2/24")):
            host.run("ip", "address", "add", address, "dev", "cable0")
            host.run("ip", "link", "set", "cable0", "up")

    def start(self, *words, **options):
        """A program on the left host; it dies with this process, however this one ends."""
        return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *self.left.enter, *map(str, words)],
                                env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def cut(self):
        self.right.run("ip", "link", "set", "cable0", "down")

    def heal(self):
        self.right.run("ip", "link", "set", "cable0", "up")

    def command_lines(self):
        """Of all programs that run on either host."""
        return [*self.left.processes().values(), *self.right.processes().values()]

    def wait_until_empty(self, timeout_s):
        """Returns when no program is left on either host; fails naming those that are."""
        end = time.monotonic() + timeout_s
        while left := self.command_lines():
            assert time.monotonic() < end, f"still there after {timeout_s} s: {left}"
            time.sleep(0.1)

    def close(self):
        for host in self.hosts:
            host.close()
