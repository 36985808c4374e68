"""How a picture is cut for the network and put together again: restore/tiled_inference.h."""
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SMALLEST_TILE, SMALLEST_SIDE, LARGEST_TILE = 64, 128, 1_600_000
PROGRAM_BYTES, BYTES_PER_TILE_PIXEL = 420 << 20, 500

Span = tuple[int, int]  # begin, size


@dataclass(frozen=True)
class TileGrid:
    rows: list[Span]
    columns: list[Span]
    overlap: int

    @property
    def num_tiles(self) -> int:
        return len(self.rows) * len(self.columns)


def round_up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple


def even_spans(length: int, tile: int, overlap: int, multiple: int) -> list[Span]:
    padded = round_up(length, multiple)
    tile = max(tile // multiple * multiple, multiple)
    if tile >= padded:
        return [(0, padded)]
    overlap = min(overlap, tile // 2 // multiple * multiple)
    count = -(-(padded - overlap) // (tile - overlap))
    size = round_up(-(-(padded + (count - 1) * overlap) // count), multiple)
    return [(i * (padded - size) // (count - 1) // multiple * multiple, size) for i in range(count)]


def tile_grid(height: int, width: int, tile: int, overlap: int, whole_pixels: int, multiple: int) -> TileGrid:
    if height * width <= whole_pixels:
        return TileGrid([(0, round_up(height, multiple))], [(0, round_up(width, multiple))], overlap)
    shared = round_up(overlap, multiple)
    return TileGrid(even_spans(height, tile, shared, multiple), even_spans(width, tile, shared, multiple), overlap)


def grid_of(height: int, width: int, tile: int, overlap: int, multiple: int) -> TileGrid:
    """With tiles of `tile` pixels a side. Raises ValueError for a tile under 64 pixels or an overlap above half of it."""
    if tile < SMALLEST_TILE:
        raise ValueError(f"tile {tile}: a tile has at least {SMALLEST_TILE} pixels a side")
    if not 0 <= overlap <= tile // 2:
        raise ValueError(f"overlap {overlap}: must be 0 to half the tile ({tile // 2} for a tile of {tile})")
    return tile_grid(height, width, tile, overlap, tile * tile, multiple)


def grid_that_fits(height: int, width: int, bytes_per_pixel: int, memory: int, overlap: int, multiple: int) -> TileGrid:
    """The grid with which the program restores the picture in `memory`. Raises ValueError if that is not enough."""
    tile, whole_pixels = math.isqrt(LARGEST_TILE), LARGEST_TILE
    while tile >= SMALLEST_SIDE:
        grid = tile_grid(height, width, tile, min(overlap, tile // 2), whole_pixels, multiple)
        rows, columns = grid.rows[0][1], grid.columns[0][1]
        needed = PROGRAM_BYTES + rows * columns * BYTES_PER_TILE_PIXEL + min(rows, height) * width * bytes_per_pixel
        if needed <= memory:
            return grid
        tile, whole_pixels = tile * 9 // 10, 0
    raise ValueError(f"a picture of {width}x{height} pixels takes at least {(needed >> 20) + 1} MiB: give more memory")


def mirrored(begin: int, size: int, length: int) -> np.ndarray:
    """Where these positions of a row of `length` lie that is mirrored without end."""
    if length == 1:
        return np.zeros(size, np.int64)
    place = np.arange(begin, begin + size) % (2 * (length - 1))
    return np.minimum(place, 2 * (length - 1) - place)


def crop_with_reflection(plane: np.ndarray, rows: Span, columns: Span) -> np.ndarray:
    height, width = plane.shape
    # Below the picture's end: the mirror image of what the tile itself has of it.
    inside = min(rows[1], height - rows[0])
    return plane[np.ix_(rows[0] + mirrored(0, rows[1], inside), mirrored(*columns, width))]


def blend_weights(spans: list[Span], overlap: int) -> list[np.ndarray]:
    """For each span the weights of its positions; at every position they sum to one. In the outer quarter of an overlap,
    where a tile lacks its surroundings, a span has no weight."""
    sums, raw = np.zeros(spans[-1][0] + spans[-1][1]), []
    for i, (begin, size) in enumerate(spans):
        depth = np.arange(size)
        left = edge_weight(depth, overlap) if i > 0 else 1.0
        right = edge_weight(size - 1 - depth, overlap) if i + 1 < len(spans) else 1.0
        raw.append(np.ones(size) * left * right)
        sums[begin:begin + size] += raw[-1]
    return [(weights / sums[begin:begin + size]).astype(np.float32) for weights, (begin, size) in zip(raw, spans)]


def edge_weight(depth: np.ndarray, overlap: int) -> np.ndarray:
    if overlap == 0:
        return np.ones(len(depth))
    t = np.clip((depth + 0.5 - overlap / 4) / (overlap / 2), 0, 1)
    return np.where(depth >= overlap, 1.0, t * t * (3 - 2 * t))


Restore = Callable[[list[np.ndarray], Span, Span], list[np.ndarray]]


def tiled_inference(layers: list[np.ndarray], grid: TileGrid, restore: Restore) -> list[np.ndarray]:
    """What `restore` makes of each tile of the layers [H,W], blended where tiles overlap."""
    height, width = layers[0].shape
    row_weights, column_weights = blend_weights(grid.rows, grid.overlap), blend_weights(grid.columns, grid.overlap)
    out: list[np.ndarray] = []
    for rows, of_rows in zip(grid.rows, row_weights):
        for columns, of_columns in zip(grid.columns, column_weights):
            made = restore([crop_with_reflection(layer, rows, columns) for layer in layers], rows, columns)
            if not out:
                out = [np.zeros((height, width), np.float32) for _ in made]
            inside = slice(rows[0], min(sum(rows), height)), slice(columns[0], min(sum(columns), width))
            weights = of_rows[:, None] * of_columns
            for total, tile in zip(out, made):
                there = total[inside]
                there += (weights * tile)[:there.shape[0], :there.shape[1]]
    return out
