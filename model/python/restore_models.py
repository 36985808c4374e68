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


class RedNet(nn.Module):
    """Returns (luma, damage_logits) as UNet does; it claims no damage."""
    multiple = 1

    def __init__(self, widths, blocks):
        super().__init__()
        (width,) = widths
        ends = [1] + [width] * blocks  # channels before and after each convolution
        self.conv = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in zip(ends, ends[1:]))
        self.deconv = nn.ModuleList(nn.ConvTranspose2d(b, a, 3, padding=1) for a, b in reversed(list(zip(ends, ends[1:]))))

    def forward(self, aged):
        depth, features = len(self.conv), [aged]
        for conv in self.conv:
            features.append(torch.relu(conv(features[-1])))
        x = features[depth]
        for mirror, deconv in zip(reversed(range(1, depth)), self.deconv):
            x = deconv(x)
            x = torch.relu(x + features[mirror] if depth > 5 and mirror % 2 == 0 else x)
        return aged + self.deconv[-1](x), torch.full_like(aged, -10.0)


class ChannelNorm(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ColourBlock(nn.Module):
    def __init__(self, channels, count, resize, dilation, normalised):
        super().__init__()
        before, after = channels
        ends = list(zip([before] + [after] * count, [after] * count))
        self.conv = nn.ModuleList(nn.Conv2d(a, b, 3, padding=dilation, dilation=dilation) for a, b in ends)
        if resize == "half":
            self.conv[-1] = nn.Conv2d(*ends[-1], 3, stride=2, padding=1)
        if resize == "twice":
            self.conv[0] = nn.ConvTranspose2d(*ends[0], 4, stride=2, padding=1)
        if normalised:
            self.norm = ChannelNorm(after)

    def forward(self, x):
        for conv in self.conv:
            x = torch.relu(conv(x))
        return self.norm(x) if hasattr(self, "norm") else x


class ColourNet(nn.Module):
    """L of CIELAB [N,1,H,W], 0 to 100, to logits [N,313,H/4,W/4] over the bins of model/ab_bins.h."""
    multiple = 8
    TABLE = [(64, 2, "half", 1), (128, 2, "half", 1), (256, 3, "half", 1), (512, 3, None, 1),
             (512, 3, None, 2), (512, 3, None, 2), (256, 3, None, 1), (128, 3, "twice", 1)]

    def __init__(self, width):
        super().__init__()
        # Half up, as C++ rounds; Python's round() takes halves to the even number.
        widths = [1] + [max(1, math.floor(channels * width + 0.5)) for channels, *_ in self.TABLE]
        self.blocks = nn.ModuleList(
            ColourBlock(channels, *row[1:], normalised=row is not self.TABLE[-1])
            for channels, row in zip(zip(widths, widths[1:]), self.TABLE))
        self.head = nn.Conv2d(widths[-1], 313, 1)

    def forward(self, lightness):
        x = (lightness - 50) / 100
        for block in self.blocks:
            x = block(x)
        return self.head(x)


NETWORKS = {"unet": UNet, "red": RedNet, "colour": ColourNet}


def make_network(description):
    """`description`: the JSON of a model file's metadata `restore.network`."""
    options = dict(description)
    name = options.pop("name")
    if name not in NETWORKS:
        raise ValueError(f"unknown network '{name}'; this version knows {', '.join(NETWORKS)}")
    return NETWORKS[name](**options)


def load_model(path):
    """Returns (network in eval mode, about). Raises ValueError for a file that is no model of ours."""
    weights, metadata = read_safetensors(path)
    version = metadata.get("restore.format_version")
    if version != FORMAT_VERSION:
        raise ValueError(f"{path}: expected a model file of format version {FORMAT_VERSION}, got {version}")
    network = make_network(json.loads(metadata["restore.network"]))
    network.load_state_dict(weights)
    return network.eval(), json.loads(metadata["restore.about"])
