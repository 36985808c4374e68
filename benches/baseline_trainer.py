"""The training step of a baseline in PyTorch: the same network, loss and optimizer as ours (benches/step, benches/gpu).

Not the same: its batch is the same tensors at every step and costs no reading; it has no check for non-finite
gradients. Both clip, both average the weights."""
import sys
from contextlib import nullcontext
from pathlib import Path

import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python" / "restore_photos"))
from networks import RestorerNet  # noqa: E402


def loss_of(restored, clean, chroma, damage):
    """model::restoration_loss with the default weights."""
    luma, logits, coarse = (tensor.float() for tensor in restored)
    distance = ((luma - clean).square() + 1e-6).sqrt()
    probability = torch.sigmoid(logits)
    overlap = (probability * damage).sum((1, 2, 3))
    total = probability.sum((1, 2, 3)) + damage.sum((1, 2, 3))
    dice = (1 - (2 * overlap + 1) / (total + 1)).mean()
    return ((distance * (1 + 3 * damage)).mean() + 0.1 * F.binary_cross_entropy_with_logits(logits, damage)
            + 0.02 * dice + 0.5 * F.smooth_l1_loss(coarse, F.adaptive_avg_pool2d(chroma, coarse.shape[2:]), beta=0.05))


class BaselineTrainer:
    def __init__(self, widths, layout, samples, side, device="cpu", wrap=lambda network: network, bf16=False):
        """`widths` of find, restore and colourise; `wrap` makes of the network what is trained, such as DistributedDataParallel or torch.compile."""
        torch.manual_seed(1)
        network = RestorerNet(*widths, 2).to(device, memory_format=layout)
        self.averaged = [parameter.detach().clone() for parameter in network.parameters()]
        self.parameters = list(network.parameters())
        self.network = wrap(network)
        decayed = [parameter for parameter in self.parameters if parameter.dim() >= 2]
        plain = [parameter for parameter in self.parameters if parameter.dim() < 2]
        self.optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 1e-4},
                                            {"params": plain, "weight_decay": 0}], lr=1e-3, betas=(0.9, 0.99), fused=True)
        self.autocast = (lambda: torch.autocast(device, torch.bfloat16)) if bf16 else nullcontext
        self.aged, self.clean, self.damage = (torch.rand(samples, 1, side, side, device=device) for _ in range(3))
        self.chroma = torch.rand(samples, 2, side, side, device=device) - 0.5
        told = round(samples / 4)  # loss.known_damage
        self.known = torch.cat([self.damage[:told], torch.full_like(self.damage[told:], -1)])

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        with self.autocast():
            restored = self.network(self.aged, self.known)
        loss = loss_of(restored, self.clean, self.chroma, self.damage)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(self.averaged, self.parameters, 0.001)
        loss.item()
