#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"
#include "dataset/ageing/dirt.h"

namespace dataset::ageing {

/// Pictures of dirt laid over the photo, turned, scaled and mirrored at random: the user's own, or
/// those that the program draws. With dirt d = opacity x cover, a photo g becomes: add g + d,
/// subtract g - d, multiply g (1 - d), lighten max(g, d). In each the damage is d.
struct Textures {
  double probability = 0;
  std::string folder;
  common::Range count{1, 2};
  std::vector<std::string> modes{"add", "subtract", "multiply", "lighten"};
  common::Range scale{1.5, 3};
  common::Range opacity{0.4, 1};

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures");
    field("folder", folder, "folder of pictures of dirt; empty: five that the program draws");
    field("count", count, "pictures of dirt laid over one photo");
    field("modes", modes, "how they are laid: add, subtract, multiply, lighten; equally often");
    field("scale", scale, "short side of a picture of dirt over that of the photo");
    field("opacity", opacity, "factor of its cover");
  }
  void validate() const;
};

/// Reads a folder of pictures; a parameter, because ageing links no picture library.
using DirtReader = std::function<std::vector<imaging::GrayPicture>(const std::string& folder)>;

/// The pictures of dirt that the stage needs: none if it is off, those of `folder`, or drawn ones.
/// Throws as the reader does, and Error(config) if no mode fits a picture: dirt with alpha that
/// lightens needs add or lighten, dirt that darkens subtract or multiply.
DirtPictures load_dirt(const Textures& textures, const DirtReader& read_folder);

/// Throws Error(usage) if `dirt` is empty.
void apply(const Textures& textures, const DirtPictures& dirt, Canvas& canvas,
           common::KeyedRandom& random);

}  // namespace dataset::ageing
