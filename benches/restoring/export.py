"""The network of a model file as ONNX for the baselines, of the fixed shape of their tiles: export.py MODEL SIDE RESULT.
Says luma and damage; its colours are left out, as restore leaves them out of a gray picture."""

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "python" / "restore_photos"))
import networks  # noqa: E402


class Gray(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, aged):
        luma, damage_logits, _ = self.network(aged)
        return luma, torch.sigmoid(damage_logits)


def main(model, side, result):
    network, _ = networks.load_model(model)
    tile = torch.rand(1, 1, side, side)
    with torch.no_grad():
        torch.onnx.export(Gray(network).eval(), (tile,), result, dynamo=True, external_data=False, verbose=False,
                          input_names=["aged"], output_names=["luma", "damage"])


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: export.py MODEL SIDE RESULT")
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
