"""The Python twin of model/: loads a model file of restore-export and runs it. Needs torch alone.

    network, about = load_model("model.safetensors")
    luma, damage_logits, chroma = network(aged)   # aged [N,1,H,W] in [0,1], H and W multiples of network.multiple
    # None for what a network does not say
"""
import json
import math
import typing
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

FORMAT_VERSION = "1"
DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
          "I64": torch.int64, "I32": torch.int32, "I16": torch.int16, "I8": torch.int8,
          "U8": torch.uint8, "BOOL": torch.bool}


def read_safetensors(path):
    """Returns ({name: tensor}, {key: text}). For files one trusts to be whole; the C++ reader checks. Raises ValueError."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    end = 8 + int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8:end]) if end <= len(data) else None
    except ValueError:
        header = None
    if not isinstance(header, dict):
        raise ValueError(f"{path} is no safetensors file: give a model file of restore-export")
    del data[:end]
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, _ = entry["data_offsets"]
        count = math.prod(entry["shape"])
        dtype = DTYPES[entry["dtype"]]
        flat = torch.frombuffer(data, dtype=dtype, count=count, offset=begin) if count else torch.empty(0, dtype=dtype)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors, metadata


class Restoration(typing.NamedTuple):
    """As model/network.h; `filled`, 0 to 1: what of `luma` was filled from about it."""

    luma: torch.Tensor
    damage_logits: torch.Tensor | None = None
    chroma: torch.Tensor | None = None
    filled: torch.Tensor | None = None


@dataclass(frozen=True)
class DamageRule:
    """As model/damage_rule.h."""

    shift: float = 0.0
    filled_from: float = -2.0
    gain: float = 1.0
    offset: float = 0.0
    twice: bool = False
    white_noise: bool = False


def restoration_of(network, aged, known_damage=None, rule=DamageRule()):
    """All that a network says."""
    if hasattr(network, "restoration"):
        return network.restoration(aged, known_damage, rule)
    return Restoration(*network(aged, known_damage))


class ResidualBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)

    def forward(self, x):
        inner = torch.relu(self.conv1(x))
        if x.dtype != torch.bfloat16:
            return x + self.conv2(inner)
        # As model/fused_convolution.h: rounded once.
        return torch.ops.mkldnn._convolution_pointwise.binary(inner, x, self.conv2.weight, None, [1, 1], [1, 1], [1, 1], 1, "add", 1.0,
                                                              None, [], None)


def pull_push(picture, confidence):
    """As model/pull_push.h."""
    def halved(x):
        return functional.avg_pool2d(x, 2, ceil_mode=True)

    def interpolated(picture, confidence):
        height, width = picture.shape[2:]
        if min(height, width) < 2:
            return picture
        weight = halved(confidence)
        mean = halved(picture * confidence) / (weight + 1e-4)
        coarse = interpolated(mean, (4 * weight).clamp_max(1))
        enlarged = functional.interpolate(coarse, scale_factor=2, mode="bilinear")[:, :, :height, :width]
        return confidence * picture + (1 - confidence) * enlarged

    return 0.5 + interpolated(picture - 0.5, confidence)


def prepare_for_inference(network):
    """All but `find` computes in bf16 where the program would: on a processor that multiplies it (model/restorer.cpp)."""
    multiplies_bf16 = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)  # not in every version of torch
    if isinstance(network, RestorerNet) and next(network.parameters()).device.type == "cpu" and multiplies_bf16():
        for part in (network.restore, network.denoise, network.colourise):
            if part is not None:
                part.to(torch.bfloat16)
    return network.to(memory_format=torch.channels_last)  # a quarter less time on a CPU


def residual_blocks(width, count):
    return nn.Sequential(*(ResidualBlock(width) for _ in range(count)))


class ResidualUNet(nn.Module):
    """As model/residual_unet.h."""

    def __init__(self, planes, widths, blocks, per_cell=False):
        super().__init__()
        before, after = planes
        steps = list(zip(widths[:-1], widths[1:]))
        self.multiple, self.per_cell = 2 ** len(widths), per_cell
        self.stem = nn.Conv2d(4 * before, widths[0], 3, padding=1)
        self.encoder = nn.ModuleList(residual_blocks(width, blocks) for width in widths)
        self.decoder = nn.ModuleList(residual_blocks(width, blocks) for width in widths[:-1])
        self.down = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2, bias=False) for a, b in steps)
        self.up = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, stride=2, bias=False) for a, b in steps)
        self.head = nn.Conv2d(widths[0], after if per_cell else 4 * after, 3, padding=1)

    def forward(self, picture):
        is_bf16 = self.stem.weight.dtype == torch.bfloat16  # else nothing is cast, not even to the same: ONNX would show it
        picture = picture.bfloat16() if is_bf16 else picture
        x, skips = self.stem(functional.pixel_unshuffle(picture, 2)), []
        for encoder, down in zip(self.encoder, self.down):
            skips.append(encoder(x))
            x = down(skips[-1])
        x = self.encoder[-1](x)
        for level in reversed(range(len(self.up))):
            x = self.decoder[level](self.up[level](x) + skips[level])
        x = self.head(x).float() if is_bf16 else self.head(x)
        return x if self.per_cell else functional.pixel_shuffle(x, 2)


class RestorerNet(nn.Module):
    """Returns (luma, damage_logits, chroma) as model/restorer.h says; None for what it has no part for."""
    interpolation = staticmethod(pull_push)

    def __init__(self, find, restore, colourise, blocks, denoise=()):
        super().__init__()
        self.find = ResidualUNet((1, 1), find, blocks) if find else None
        self.restore = ResidualUNet((3, 1), restore, blocks) if restore else None
        self.denoise = ResidualUNet((1, 1), denoise, blocks) if denoise else None
        self.colourise = ResidualUNet((1, 2), colourise, blocks, per_cell=True) if colourise else None
        self.restores_luma = bool(restore or denoise)
        self.multiple = max([part.multiple for part in (self.find, self.restore, self.denoise) if part]
                            + ([2 * self.colourise.multiple] if colourise else []))

    def damage_logits(self, aged):
        return self.find(aged - 0.5)

    def restored(self, aged, damage, opacity):
        guess = self.interpolation(aged, 1 - damage)
        return guess + self.restore(torch.cat([guess - 0.5, damage, (aged - guess) * (1 - opacity)], 1))

    def denoised(self, aged):
        return aged + self.denoise(aged - 0.5)

    def chroma(self, luma):
        return self.colourise(functional.avg_pool2d(luma.clamp(0, 1) - 0.5, 2))

    def restoration(self, aged, known_damage=None, rule=DamageRule()):
        luma, logits, chroma, filled = aged, None, None, None
        damage = opacity = torch.zeros_like(aged)
        if self.find is not None:
            seen = rule.gain * aged + rule.offset
            logits = self.damage_logits(seen)
            if rule.twice:
                logits = (logits + torch.rot90(self.damage_logits(torch.rot90(seen, 1, (2, 3)).contiguous()), -1, (2, 3))) / 2
            logits = logits + rule.shift
            damage = functional.max_pool2d(torch.sigmoid(8 * (logits.detach() - rule.filled_from)), 3, stride=1, padding=1)
            opacity = torch.sigmoid(logits.detach())
        if known_damage is not None:
            damage = torch.where(known_damage < 0, damage, known_damage)
            opacity = torch.where(known_damage < 0, opacity, known_damage)
        denoises = self.denoise is not None and (rule.white_noise or self.restore is None)
        if denoises:
            luma = self.denoised(aged)
        if self.restore is not None:
            filled = damage
            if not denoises:
                luma = self.restored(aged, damage, opacity)
            elif damage.max() >= 0.01:
                luma = torch.lerp(luma, self.restored(aged, damage, opacity), damage)
        if self.colourise is not None:
            chroma = self.chroma(luma.detach())
        return Restoration(luma, logits, chroma, filled)

    def forward(self, aged, known_damage=None):
        return self.restoration(aged, known_damage)[:3]


class RedNet(nn.Module):
    """Returns (luma, None, None) as RestorerNet does: it does not look for damage and does not colour."""
    multiple = 1

    def __init__(self, widths, blocks):
        super().__init__()
        (width,) = widths
        ends = [1] + [width] * blocks  # channels before and after each convolution
        self.conv = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in zip(ends, ends[1:]))
        self.deconv = nn.ModuleList(nn.ConvTranspose2d(b, a, 3, padding=1) for a, b in reversed(list(zip(ends, ends[1:]))))

    def forward(self, aged, known_damage=None):
        depth, features = len(self.conv), [aged]
        for conv in self.conv:
            features.append(torch.relu(conv(features[-1])))
        x = features[depth]
        for mirror, deconv in zip(reversed(range(1, depth)), self.deconv):
            x = deconv(x)
            x = torch.relu(x + features[mirror] if depth > 5 and mirror % 2 == 0 else x)
        return aged + self.deconv[-1](x), None, None


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


# The bins of model/ab_bins.h: a, and the lowest and highest b that go with it, all in steps of 10.
AB_BINS = [(-90, 50, 90), (-80, 20, 90), (-70, 0, 90), (-60, -20, 90), (-50, -30, 100), (-40, -40, 100), (-30, -50, 100),
           (-20, -50, 100), (-10, -60, 100), (0, -70, 100), (10, -80, 90), (20, -80, 90), (30, -90, 90), (40, -100, 90),
           (50, -100, 80), (60, -110, 80), (70, -110, 80), (80, -110, 70), (90, -110, 70), (100, -90, 0)]
RGB_OF_XYZ = [[3.2404813432005266, -1.5371515162713183, -0.4985363261688878],
              [-0.9692549499965682, 1.8759900014898907, 0.04155592655829284],
              [0.055646639135177166, -0.20404133836651123, 1.0573110696453443]]
WHITE = [0.95047, 1.0, 1.08883]


def lightness_of(gray):
    """L of CIELAB of gray sRGB values, as model/colour.h."""
    linear = torch.where(gray > 0.04045, ((gray.clamp_min(0.04045) + 0.055) / 1.055) ** 2.4, gray / 12.92)
    return 116 * torch.where(linear > 0.008856, linear.clamp_min(0.008856) ** (1 / 3), 7.787 * linear + 16 / 116) - 16


def rgb_of(lightness, ab):
    """sRGB of CIELAB, clamped, as model/colour.h."""
    a, b = ab.split(1, 1)
    y = (lightness + 16) / 116
    xyz = torch.cat([y + a / 500, y, (y - b / 200).clamp_min(0)], 1)
    xyz = torch.where(xyz > 0.2068966, xyz ** 3, (xyz - 16 / 116) / 7.787) * xyz.new_tensor(WHITE).reshape(3, 1, 1)
    linear = torch.einsum("ck,nkhw->nchw", xyz.new_tensor(RGB_OF_XYZ), xyz)
    curved = 1.055 * linear.clamp_min(0.0031308) ** (1 / 2.4) - 0.055
    return torch.where(linear > 0.0031308, curved, 12.92 * linear).clamp(0, 1)


def chroma_of(rgb):
    """Cb and Cr about 0, as model/chroma.h."""
    red, green, blue = rgb.split(1, 1)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return torch.cat([(blue - luma) / 1.772, (red - luma) / 1.402], 1)


class ColourNet(nn.Module):
    """Returns (aged, None, chroma) as RestorerNet does; chroma [N,2,H/4,W/4] is the annealed mean of the classes of `logits`."""
    multiple = 8
    restores_luma = False
    # Channels as multiples of the first block's, convolutions, change of size, dilation.
    TABLE = [(1, 2, "half", 1), (2, 2, "half", 1), (4, 3, "half", 1), (8, 3, None, 1),
             (8, 3, None, 2), (8, 3, None, 2), (4, 3, None, 1), (2, 3, "twice", 1)]
    TEMPERATURE = 0.38

    def __init__(self, widths, blocks):
        super().__init__()
        (width,) = widths
        channels = [1] + [width * multiple for multiple, *_ in self.TABLE]
        self.blocks = nn.ModuleList(
            ColourBlock(ends, *row[1:], normalised=row is not self.TABLE[-1])
            for ends, row in zip(zip(channels, channels[1:]), self.TABLE))
        self.head = nn.Conv2d(channels[-1], 313, 1)
        bins = [[a, b] for a, low, high in AB_BINS for b in range(low, high + 1, 10)]
        self.register_buffer("bins", torch.tensor(bins, dtype=torch.float32), persistent=False)

    def logits(self, aged):
        """[N,313,H/4,W/4] over `bins`."""
        x = (lightness_of(aged) - 50) / 100
        for block in self.blocks:
            x = block(x)
        return self.head(x)

    def forward(self, aged, known_damage=None):
        shares = torch.softmax(self.logits(aged) / self.TEMPERATURE, 1)
        ab = torch.einsum("nqhw,qc->nchw", shares, self.bins)
        return aged, None, chroma_of(rgb_of(lightness_of(functional.avg_pool2d(aged, 4)), ab))


NETWORKS = {"restorer": RestorerNet, "red": RedNet, "colour": ColourNet}


def make_network(description):
    """`description`: the JSON of a model file's metadata `restore.network`."""
    options = dict(description)
    name = options.pop("name")
    if name not in NETWORKS:
        raise ValueError(f"unknown network '{name}': a file of another version? This one knows {', '.join(NETWORKS)}; take the model that "
                         "ships, or train one anew")
    return NETWORKS[name](**options)


def load_model(path):
    """Returns (network in eval mode, about). Raises ValueError for a file that is no model of ours."""
    weights, metadata = read_safetensors(path)
    version = metadata.get("restore.format_version")
    if version != FORMAT_VERSION:
        raise ValueError(f"{path}: expected a model file of format version {FORMAT_VERSION}, got {version}")
    try:
        network = make_network(json.loads(metadata["restore.network"]))
        network.load_state_dict(weights)
        return network.eval(), json.loads(metadata["restore.about"])
    except (KeyError, TypeError, RuntimeError) as error:  # of a text that is missing or strange, of weights that do not fit
        raise ValueError(f"{path}: the file is damaged or of another version; take the model that ships, or train one anew ({error})") \
            from error
