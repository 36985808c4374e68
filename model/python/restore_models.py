"""The Python twin of model/: loads a model file of restore-export and runs it. Needs torch alone.

    network, about = load_model("model.safetensors")
    luma, damage_logits = network(aged)      # aged [N,1,H,W] in [0,1], H and W multiples of network.multiple
"""
import json
import math
import struct

import torch
from torch import nn

FORMAT_VERSION = "1"
DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
          "I64": torch.int64, "I32": torch.int32, "I16": torch.int16, "I8": torch.int8,
          "U8": torch.uint8, "BOOL": torch.bool}


def read_safetensors(path):
    """Returns ({name: tensor}, {key: text}). For files one trusts to be whole; the C++ reader checks."""
    with open(path, "rb") as file:
        (header_bytes,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(header_bytes))
        data = bytearray(file.read())
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, _ = entry["data_offsets"]
        count = math.prod(entry["shape"])
        dtype = DTYPES[entry["dtype"]]
        flat = torch.frombuffer(data, dtype=dtype, count=count, offset=begin) if count else torch.empty(0, dtype=dtype)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors, metadata


class ResidualBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)

    def forward(self, x):
        return x + self.conv2(torch.relu(self.conv1(x)))


class GlobalContext(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.hidden = nn.Linear(2 * width, width)
        self.out = nn.Linear(width, 2 * width)

    def forward(self, x):
        deviation = (x.var((2, 3), unbiased=False) + 1e-5).sqrt()
        hidden = torch.relu(self.hidden(torch.cat([x.mean((2, 3)), deviation], 1)))
        scale, shift = self.out(hidden)[:, :, None, None].chunk(2, 1)
        return x * (1 + scale) + shift


class UNet(nn.Module):
    def __init__(self, widths, blocks):
        super().__init__()
        def level(width):
            return nn.Sequential(*(ResidualBlock(width) for _ in range(blocks)))
        steps = list(zip(widths[:-1], widths[1:]))
        self.multiple = 2 ** len(steps)
        self.stem = nn.Conv2d(1, widths[0], 3, padding=1)
        self.encoder = nn.ModuleList(level(width) for width in widths)
        self.down = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2, bias=False) for a, b in steps)
        self.context = GlobalContext(widths[-1])
        self.up = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, stride=2, bias=False) for a, b in steps)
        self.decoder = nn.ModuleList(level(width) for width in widths[:-1])
        self.head = nn.Conv2d(widths[0], 3, 3, padding=1)

    def forward(self, aged):
        x, skips = self.stem(aged), []
        for encoder, down in zip(self.encoder, self.down):
            skips.append(encoder(x))
            x = down(skips[-1])
        x = self.context(self.encoder[-1](x))
        for up, decoder in reversed(list(zip(self.up, self.decoder))):
            x = decoder(up(x) + skips.pop())
        residual, fill, damage_logits = self.head(x).split(1, 1)
        gate = torch.sigmoid(damage_logits)
        return aged + (1 - gate) * residual + gate * (fill - aged), damage_logits


def make_network(description):
    """`description`: the JSON of a model file's metadata `restore.network`."""
    options = dict(description)
    name = options.pop("name")
    if name != "unet":
        raise ValueError(f"unknown network '{name}'; this version knows 'unet'")
    return UNet(**options)


def load_model(path):
    """Returns (network in eval mode, about). Raises ValueError for a file that is no model of ours."""
    weights, metadata = read_safetensors(path)
    version = metadata.get("restore.format_version")
    if version != FORMAT_VERSION:
        raise ValueError(f"{path}: expected a model file of format version {FORMAT_VERSION}, got {version}")
    network = make_network(json.loads(metadata["restore.network"]))
    network.load_state_dict(weights)
    return network.eval(), json.loads(metadata["restore.about"])
