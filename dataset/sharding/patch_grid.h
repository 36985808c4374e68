#pragma once

#include <cstdint>
#include <vector>

namespace dataset {

/// Left top corner of a patch, in pixels.
struct PatchPlace {
  int x = 0;
  int y = 0;
};

/// As few patches as cover the picture, spread evenly, row by row; neighbours overlap where the
/// picture is not a multiple of the patch. Empty if the picture is smaller than a patch.
std::vector<PatchPlace> patch_grid(int width, int height, int patch);

/// Copies the patch of each plane: `planes` [num_planes,height,width] to `out`
/// [num_planes,patch,patch].
void cut_patch(const uint8_t* planes, int num_planes, int width, int height, PatchPlace place,
               int patch, uint8_t* out);

}  // namespace dataset
