"""A picture in fixed square tiles, as those do it who serve a network of fixed shape; blended as restore/tiled_inference.cpp."""

import numpy as np


def begins(length, tile, overlap):
    """Where tiles begin: every tile - overlap pixels, the last one as far in as it must be."""
    if length <= tile:
        return [0]
    return [*range(0, length - tile, tile - overlap), length - tile]


def ramp(depth, overlap):
    """0 in the outer quarter of the overlap, 1 from the inner quarter on, a smooth step between."""
    dead = overlap / 4
    t = np.clip((depth + 0.5 - dead) / (2 * dead), 0, 1)
    return np.where(depth >= overlap, 1, t * t * (3 - 2 * t))


def weights(starts, tile, overlap):
    """For each tile the weights of its rows or columns; at every position they sum to one."""
    depth = np.arange(tile)
    raw, total = [], np.zeros(starts[-1] + tile)
    for i, start in enumerate(starts):
        left = ramp(depth, overlap) if i > 0 else 1
        right = ramp(tile - 1 - depth, overlap) if i + 1 < len(starts) else 1
        raw.append(np.broadcast_to(left * right, tile))
        total[start : start + tile] += raw[-1]
    return [(w / total[start : start + tile]).astype(np.float32) for w, start in zip(raw, starts)]


def restored(picture, network, tile, overlap):
    """`network` takes [1,1,tile,tile] and returns luma of that shape. Returns (the picture, how many tiles)."""
    height, width = picture.shape
    padded = np.pad(picture, ((0, max(0, tile - height)), (0, max(0, tile - width))), mode="symmetric")
    rows, columns = (begins(length, tile, overlap) for length in padded.shape)
    row_weights, column_weights = weights(rows, tile, overlap), weights(columns, tile, overlap)
    total = np.zeros_like(padded)
    for y, down in zip(rows, row_weights):
        for x, across in zip(columns, column_weights):
            cut = np.ascontiguousarray(padded[y : y + tile, x : x + tile])[None, None]
            total[y : y + tile, x : x + tile] += down[:, None] * across * network(cut)[0, 0]
    return total[:height, :width], len(rows) * len(columns)
