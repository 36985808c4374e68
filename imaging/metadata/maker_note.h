#pragma once

#include <string>

#include "imaging/metadata/exif_tree.h"

namespace imaging {

// Maker notes are a block that only the camera's maker knows. Most hold a directory; the offsets in
// it count from the note's own beginning, in many cameras from the beginning of the EXIF around it.

/// Sees to it that the note's old place in a block of EXIF stays free for it, where it can.
void keep_place_of_maker_note(const ExifTree& tree, TiffLayout& layout);

/// The note's entry in the directory of EXIF: laid out at its old place if that was kept free, or
/// else with its offsets corrected, where they are understood.
std::string maker_note_entry(const Field& note, TiffLayout& layout);

/// `note` for a new place. Unchanged if it does not hold a directory whose offsets all point into
/// the note as it lay at `old_offset`.
std::string moved_maker_note(std::string note, uint64_t old_offset, uint64_t new_offset);

}  // namespace imaging
