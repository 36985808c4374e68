#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "restore/restored_photo.h"

namespace restore {

/// 64 hexadecimal digits, as sha256sum prints them. Throws Error(io).
std::string sha256_of_file(const std::filesystem::path& file);

/// How a result was made, as archives want to read it of each copy that is no master: what kind of
/// picture it is, what was done by what, and from which scan.
/// Source: IPTC Photo Metadata Standard 2023.1, Digital Source Type; XMP Specification Part 2, 2.2.
class Provenance {
 public:
  /// `result` is known but for its times. `scan_sha256` is of the scan's file.
  Provenance(const RestoredPhoto& result, const std::string& scan_sha256);

  /// Arguments of exiftool that write it as XMP.
  std::vector<std::string> fields() const;
  /// The same for programs, and the name of the damage mask, null if there is none.
  std::string sidecar() const;

 private:
  nlohmann::json record_;
};

}  // namespace restore
