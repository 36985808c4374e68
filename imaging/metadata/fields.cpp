#include "imaging/metadata/fields.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace imaging {
namespace {

// How TIFF, PNG, HEIC and JPEG XL lay pixels out: exiftool does not copy it, and nobody misses it.
constexpr char kNotMissed[] =
    "IFD0:ImageWidth IFD0:ImageHeight IFD0:BitsPerSample IFD0:Compression "
    "IFD0:PhotometricInterpretation IFD0:FillOrder IFD0:StripOffsets IFD0:SamplesPerPixel "
    "IFD0:RowsPerStrip IFD0:StripByteCounts IFD0:MinSampleValue IFD0:MaxSampleValue "
    "IFD0:PlanarConfiguration IFD0:TileWidth IFD0:TileLength IFD0:TileOffsets IFD0:TileByteCounts "
    "IFD0:Predictor IFD0:ExtraSamples IFD0:SampleFormat IFD0:JPEGTables IFD0:ColorMap "
    "IFD0:SubfileType IFD0:OldSubfileType IFD0:ThumbnailOffset IFD0:ThumbnailLength "
    "IFD0:YCbCrCoefficients IFD0:YCbCrSubSampling IFD0:YCbCrPositioning IFD0:TransferFunction "
    "IFD0:ReferenceBlackWhite PNG:ImageWidth PNG:ImageHeight PNG:BitDepth PNG:ColorType "
    "PNG:Compression PNG:Filter PNG:Interlace PNG:Palette PNG:Transparency PNG:BackgroundColor "
    "PNG:SignificantBits Meta:all QuickTime:all Jpeg2000:all";

bool is_resolution(const std::string& field) {
  const Arguments fields = each("", kResolution);
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

}  // namespace

Arguments operator+(Arguments left, const Arguments& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Arguments each(const char* prefix, const char* words) {
  Arguments arguments;
  std::istringstream text(words);
  for (std::string word; text >> word;) arguments.push_back(prefix + word);
  return arguments;
}

bool Listing::has_exif_resolution() const {
  const auto is_positive = [&](const char* field) {
    const auto found = resolution.find(field);
    return found != resolution.end() && std::strtod(found->second.c_str(), nullptr) > 0;
  };
  return is_positive("IFD0:XResolution") && is_positive("IFD0:YResolution");
}

bool Listing::has_resolution() const {
  const auto is_absolute = [&](const char* unit) {
    const auto found = resolution.find(unit);
    return found != resolution.end() && found->second != "None" && found->second != "Unknown";
  };
  return (has_exif_resolution() &&
          (is_absolute("IFD0:ResolutionUnit") || !resolution.contains("IFD0:ResolutionUnit"))) ||
         is_absolute("JFIF:ResolutionUnit") || is_absolute("PNG-pHYs:PixelUnits");
}

Listing list_fields(ExifTool& exiftool, const std::string& file, const std::stop_token& stop) {
  Listing listing;
  for (const std::string& line :
       exiftool.run(Arguments{"-a", "-G1", "-s", "-u", "-m", "-all:all"} + each("--", kNotCopied) +
                        each("--", kNotMissed) + Arguments{file},
                    stop)) {
    // "[Group]   Name    : value", in which exiftool has replaced what is not printable.
    const size_t group_end = line.find(']'), colon = line.find(": ");
    if (!line.starts_with('[') || group_end > colon || colon == std::string::npos) continue;
    const std::string group = line.substr(1, group_end - 1), value = line.substr(colon + 2);
    std::istringstream words(line.substr(group_end + 1));
    std::string name;
    words >> name;
    if (group == "ExifTool") {
      // A checksum of IPTC that is wrong already is copied as it is.
      if (listing.warning.empty() && !value.starts_with("IPTCDigest")) listing.warning = value;
    } else if (group == "JFIF" || group == "PNG-pHYs" || is_resolution(group + ":" + name)) {
      listing.resolution[group + ":" + name] = value;
    } else if (group != "File" || name == "Comment") {
      listing.fields[group + ":" + name] = value;
    }
  }
  return listing;
}

}  // namespace imaging
