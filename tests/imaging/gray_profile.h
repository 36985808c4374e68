#pragma once

#include <cmath>
#include <cstdint>
#include <string>

namespace imaging {

inline void append_big_endian(std::string& bytes, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
}

/// The smallest ICC profile of grays of this gamma.
inline std::string gray_profile(double gamma) {
  constexpr uint32_t kWhite[] = {0xF6D6, 0x10000, 0xD32D};  // D50
  std::string tags;
  append_big_endian(tags, 2);
  tags += "wtpt", append_big_endian(tags, 156), append_big_endian(tags, 20);
  tags += "kTRC", append_big_endian(tags, 176), append_big_endian(tags, 14);
  tags += std::string("XYZ \0\0\0\0", 8);
  for (const uint32_t value : kWhite) append_big_endian(tags, value);
  tags += std::string("curv\0\0\0\0", 8);
  append_big_endian(tags, 1);
  const auto fixed = static_cast<uint32_t>(std::lround(gamma * 256));
  tags.push_back(static_cast<char>(fixed >> 8)), tags.push_back(static_cast<char>(fixed));
  tags += std::string(2, '\0');
  std::string profile;
  append_big_endian(profile, static_cast<uint32_t>(128 + tags.size()));
  profile += std::string(4, '\0') + std::string("\2\x10\0\0", 4) + "mntrGRAYXYZ ";
  profile += std::string(12, '\0') + "acsp" + std::string(28, '\0');
  for (const uint32_t value : kWhite) append_big_endian(profile, value);
  profile.resize(128, '\0');
  return profile + tags;
}

}  // namespace imaging
