#pragma once

namespace dataset {

/// Photos, not patches, are split: no patch of a validation photo is ever trained on.
enum class Split { train, valid };

/// "train" or "valid": as in the names of shards and in store.json.
inline const char* to_string(Split split) { return split == Split::train ? "train" : "valid"; }

}  // namespace dataset
