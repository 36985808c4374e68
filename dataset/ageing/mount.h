#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/config.h"
#include "common/random.h"
#include "imaging/plane.h"

namespace dataset::ageing {

/// What lies around a photograph and belongs to it: the print's border, a slide's mount, the film's
/// rebate, the page or the scanner's lid behind it, captions. None of it is damage: it is in the
/// clean picture too, and a network learns to leave it alone.
struct Mount {
  double probability = 0;
  common::Range width{0.01, 0.12};
  double captioned = 0.3;
  double written = 0;
  double wired = 0;
  double starred = 0;

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures with a border or mount, of any kind");
    field("width", width, "of a border, share of the short side; narrow ones more often");
    field("captioned", captioned, "share of borders with writing or print on them");
    field("written", written, "share of all pictures with writing or print on the photograph");
    field("wired", wired, "share of all pictures with wires, masts or twigs in front of the scene");
    field("starred", starred, "share of all pictures with stars or lamps in a night");
  }
  void validate() const;
};

enum class MountKind {
  white,
  cream,
  black,
  deckled,
  rounded,
  polaroid,
  slide,
  film,
  album,
  tilted
};

/// In the order of MountKind.
inline constexpr std::array<std::string_view, 10> kMountNames{
    "white",    "cream", "black", "deckled", "rounded",
    "polaroid", "slide", "film",  "album",   "tilted"};

/// A photograph in its mount.
struct MountedPhoto {
  imaging::Photo photo;
  std::vector<uint8_t> surround;  ///< [H,W], 255 where the mount hides the photograph
};

/// Lays a mount over the photograph's rim; the size stays.
MountedPhoto mount_photo(imaging::Photo photo, MountKind kind, const Mount& mount,
                         common::KeyedRandom& random);

/// The photograph as it was when it was new, with all that belongs to it as `mount` says, drawn
/// from `key`: what is then aged, and what a network learns to give back.
imaging::Photo make_print(imaging::Photo photo, const Mount& mount, uint64_t key);

}  // namespace dataset::ageing
