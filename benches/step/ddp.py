"""One rank of the peer of step_bench: PyTorch DDP over gloo, the same network, batch, loss and optimizer.

    ddp.py PIPE RANK WORLD     a line in PIPE.RANK, "LAYOUT N", asks for N steps; rank 0 answers with seconds a step

Not the same: its batch is the same tensors at every step and costs no reading; it has no check for non-finite
gradients. Both clip, both average the weights."""
import sys
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "model" / "python"))
from restore_models import UNet  # noqa: E402

SAMPLES, CROP = 8, 128  # a step, over all ranks
LAYOUTS = {"nchw": torch.contiguous_format, "channels_last": torch.channels_last}


def loss_of(luma, logits, clean, damage):
    """model::restoration_loss with the default weights."""
    distance = ((luma - clean).square() + 1e-6).sqrt()
    probability = torch.sigmoid(logits)
    overlap = (probability * damage).sum((1, 2, 3))
    total = probability.sum((1, 2, 3)) + damage.sum((1, 2, 3))
    dice = (1 - (2 * overlap + 1) / (total + 1)).mean()
    return ((distance * (1 + 3 * damage)).mean() + 0.1 * F.binary_cross_entropy_with_logits(logits, damage)
            + 0.02 * dice)


class Trainer:
    def __init__(self, layout, samples):
        torch.manual_seed(1)
        network = UNet([32, 64, 128, 256], 2).to(memory_format=layout)
        self.averaged = [parameter.detach().clone() for parameter in network.parameters()]
        self.parameters = list(network.parameters())
        self.network = DistributedDataParallel(network, gradient_as_bucket_view=True) if dist.is_initialized() else network
        decayed = [parameter for parameter in self.parameters if parameter.dim() >= 2]
        plain = [parameter for parameter in self.parameters if parameter.dim() < 2]
        self.optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 1e-4},
                                            {"params": plain, "weight_decay": 0}], lr=1e-3, betas=(0.9, 0.99), fused=True)
        self.aged, self.clean, self.damage = (torch.rand(samples, 1, CROP, CROP) for _ in range(3))

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = loss_of(*self.network(self.aged), self.clean, self.damage)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(self.averaged, self.parameters, 0.001)
        loss.item()


def main():
    pipe, rank, world = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{pipe}.store", rank=rank, world_size=world)
    trainers = {name: Trainer(layout, SAMPLES // world) for name, layout in LAYOUTS.items()}
    with open(f"{pipe}.{rank}") as rounds:
        for line in rounds:
            layout, count = line.split()
            dist.barrier()
            start = time.perf_counter()
            for _ in range(int(count)):
                trainers[layout].step()
            if rank == 0:
                print((time.perf_counter() - start) / int(count), flush=True)


main()
