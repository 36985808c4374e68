#pragma once

#include <string>
#include <vector>

#include "restore/restored_photo.h"

namespace webui {

/// One line of what is told about a photograph: "Grain", "light (2.4 of 255 levels)".
struct Fact {
  std::string label, text;
};

/// What was found in a photograph and what was done to it, in plain words; the notes are left to
/// the caller.
std::vector<Fact> describe(const restore::RestoredPhoto& photo);

/// "3.4 MB", of 1024 a step.
std::string size_in_words(int64_t num_bytes);

}  // namespace webui
