"""Hosts on one machine: network namespaces on the cables of a switch, each of a limited rate."""
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "mpi"))
from two_hosts import Host, environment_for_mpirun  # noqa: E402


class Cluster:
    """`hosts`, "host1" to "hostN". Programs start on the first; mpirun finds its way to the others."""

    def __init__(self, folder, count):
        names = [f"host{i + 1}" for i in range(count)]
        lines = ["127.0.0.1 localhost", *(f"10.78.0.{i + 1} {name}" for i, name in enumerate(names))]
        (folder / "hosts").write_text("\n".join(lines) + "\n")
        self.switch = Host("switch", str(folder / "hosts"))
        self.switch.run("ip", "link", "add", "bridge0", "type", "bridge")
        self.switch.run("ip", "link", "set", "bridge0", "up")
        self.hosts = []
        for i, name in enumerate(names):
            host = Host(name, str(folder / "hosts"))
            self.hosts.append(host)
            (folder / f"{name}.pid").write_text(str(host.pid))
            self.switch.run("ip", "link", "add", f"port{i}", "type", "veth", "peer", "name", "cable0", "netns", str(host.pid))
            self.switch.run("ip", "link", "set", f"port{i}", "master", "bridge0", "up")
            host.run("ip", "address", "add", f"10.78.0.{i + 1}/24", "dev", "cable0")
            host.run("ip", "link", "set", "cable0", "up")
        self.environment = environment_for_mpirun(folder)

    def limit(self, gigabits):
        """Both directions of every cable."""
        for place, device in [*((host, "cable0") for host in self.hosts),
                              *((self.switch, f"port{i}") for i in range(len(self.hosts)))]:
            place.run("tc", "qdisc", "replace", "dev", device, "root", "tbf", "rate", f"{gigabits}gbit",
                      "burst", "512kb", "latency", "20ms")

    def run(self, *words):
        done = subprocess.run([*self.hosts[0].enter, *map(str, words)], env=self.environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, words))}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")

    def close(self):
        for host in [*self.hosts, self.switch]:
            host.close()
