"""What a step of n workers takes (docs/scaling.md). Times in seconds, sizes in bytes, rates in bytes per second."""
import math
from dataclasses import dataclass

TCP_SHARE = 1448 / 1538  # what a frame of Ethernet carries of what it takes: the rest is headers and gaps


@dataclass(frozen=True)
class Machine:
    """`compute`: of a worker's micro-batches and its optimizer. `sigma`: its standard deviation. `latency`: of a message
    between two workers. `rate`: of a host's cable, for data. `copy`: of a byte through both hosts' network stacks, on
    one core. `cores`: that all hosts share, where they are namespaces of one machine; 0: each has its own. `failures`:
    mean seconds between those of one worker; `save`, `restart`: of a checkpoint, and of going on from one."""

    compute: float
    weights: float
    rate: float
    latency: float = 0
    copy: float = 0
    cores: int = 0
    sigma: float = 0
    failures: float = math.inf
    save: float = 0
    restart: float = 0


def all_reduce(machine: Machine, workers: int) -> float:
    """Each worker sends and receives 2 (n - 1) / n of the gradients in 2 (n - 1) messages, as a ring does
    (Patarasuk and Yuan, 2009) and comm/mpi_all_reduce_buffer.h."""
    if workers == 1:
        return 0
    sent = 2 * (workers - 1) / workers * machine.weights
    at_once = workers / machine.cores if machine.cores else 1
    return sent / machine.rate + sent * machine.copy * max(1, at_once) + 2 * (workers - 1) * machine.latency


def straggler(machine: Machine, workers: int) -> float:
    """How much later than the mean the last of n is: the expected largest of n normal deviations, about."""
    return machine.sigma * math.sqrt(2 * math.log(workers)) if workers > 1 else 0


def step(machine: Machine, workers: int) -> float:
    return machine.compute + straggler(machine, workers) + all_reduce(machine, workers)


def lost_share(machine: Machine, workers: int) -> float:
    """Of the time, by saving and by what failures undo, with checkpoints as often as is best (Young, 1974)."""
    between = machine.failures / workers
    if math.isinf(between):
        return 0
    interval = math.sqrt(2 * machine.save * between)
    return min(1, machine.save / interval + (interval / 2 + machine.restart) / between)


def efficiency(machine: Machine, workers: int) -> float:
    """Work done by n workers, over n times what one does that never fails."""
    return machine.compute / step(machine, workers) * (1 - lost_share(machine, workers))


def fitted(compute: float, weights: float, fast: tuple[float, float], slow: tuple[float, float],
           cores: int) -> tuple[float, float]:
    """(`copy`, seconds of cable per second that its rate says) from two steps of two hosts: (rate, measured step) each."""
    (fast_rate, fast_step), (slow_rate, slow_step) = fast, slow
    cable = (slow_step - fast_step) / (weights / slow_rate - weights / fast_rate)
    copy = (fast_step - compute - cable * weights / fast_rate) / (weights * max(1, 2 / cores))
    return max(0, copy), cable
