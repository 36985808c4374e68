#include "imaging/metadata/copy_metadata.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "common/error.h"
#include "imaging/metadata/fields.h"
#include "imaging/metadata/resolution.h"

namespace imaging {
namespace {

namespace fs = std::filesystem;

/// How PNG says what its levels mean: no text, and without a meaning in another format.
bool describes_png_levels(const std::string& field) {
  return field == "PNG:Gamma" || field == "PNG:SRGBRendering";
}

/// A TIFF with one field (the orientation) and no picture: what EXIF is, too.
constexpr std::string_view kEmptyExif(
    "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0", 26);

std::string name_in_proc(const common::FileDescriptor& file) {
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(file.get());
}

/// Whether the name of a field may stand in an argument: it may come from the picture.
bool is_plain_name(const std::string& field) {
  return std::all_of(field.begin(), field.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == ':' || c == '-' || c == '_';
  });
}

/// A file that is deleted in the end.
struct Scratch {
  explicit Scratch(fs::path file) : path(std::move(file)) {}
  ~Scratch() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  fs::path path;
};

/// One copying: what exiftool is asked for follows from the formats and the fields of `from`.
class MetadataCopy {
 public:
  MetadataCopy(ExifTool& exiftool, const ImageFile& from, const ImageFile& to,
               const Arguments& added, const std::stop_token& stop)
      : exiftool_(exiftool),
        added_(added),
        stop_(stop),
        from_(from),
        to_(to),
        source_(common::open_file(from.open_name(), O_RDONLY)),
        source_name_(name_in_proc(source_)),
        to_name_(ExifTool::path_argument(to.path())),
        unfinished_(to.path().string() + "_exiftool_tmp") {}

  std::vector<std::string> run() {
    std::vector<std::string> notes;
    Listing listing;
    try {
      listing = list_fields(exiftool_, source_name_, stop_);
    } catch (const common::Error& error) {
      if (error.kind() != common::ErrorKind::corrupt) throw;
      notes.push_back(std::string("its metadata were left out (") + error.what() + ")");
    }
    fields_ = listing.fields;
    resolution_ = find_resolution(from_, to_, listing);
    if (!listing.warning.empty()) {
      notes.push_back("its metadata are broken in part (" + listing.warning + ")");
    }
    keep_stronger_source_type();
    if (fields_.empty()) {
      write_own_alone(notes);
      return notes;
    }
    // The less is copied, the less can be wrong with it.
    constexpr What kLessAndLess[] = {What::blocks, What::fields, What::no_exif, What::nothing};
    Fields kept;
    std::string failure;
    for (const What what : kLessAndLess) {
      failure_.clear();
      copy(what);
      kept = list_fields(exiftool_, to_name_, stop_).fields;
      if (failure_.empty() && is_upright(kept)) break;
      failure = failure_;
    }
    if (!failure.empty()) notes.push_back("its metadata were copied in part (" + failure + ")");
    note_lost(kept, notes);
    return notes;
  }

 private:
  enum class What { blocks, fields, no_exif, nothing };

  /// That pixels were invented stays true whatever is done to them later.
  void keep_stronger_source_type() {
    constexpr char kSourceType[] = "XMP-iptcExt:DigitalSourceType";
    const auto found = fields_.find(kSourceType);
    if (found == fields_.end()) return;
    std::string value = found->second;
    std::transform(value.begin(), value.end(), value.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::erase(value, ' ');  // exiftool prints some as words
    if (value.find("trainedalgorithmicmedia") == std::string::npos) return;
    std::erase_if(added_, [&](const std::string& argument) {
      return argument.starts_with(std::string("-") + kSourceType);
    });
  }

  void write_own_alone(std::vector<std::string>& notes) {
    try {
      // What libvips writes there exiftool takes for broken.
      if (!resolution_.is_known && to_.format() == Format::webp) write({"-EXIF="}, to_name_);
      write_own();
    } catch (const common::Error& error) {
      if (error.kind() != common::ErrorKind::corrupt) throw;
      failure_ = error.what();
    }
    if (!failure_.empty() && !added_.empty()) {
      notes.push_back("it does not say how it was made (" + failure_ + ")");
    }
  }

  static bool is_upright(const Fields& fields) {
    return std::all_of(fields.begin(), fields.end(), [](const auto& field) {
      return (field.first != "IFD0:Orientation" && field.first != "XMP-tiff:Orientation") ||
             field.second.starts_with("Horizontal");
    });
  }

  bool has(const std::string& field) const { return fields_.contains(field); }
  Arguments from_source() const { return {"-TagsFromFile", source_name_}; }

  void copy(What what) {
    if (what == What::blocks) {
      copy_blocks();
    } else {
      write({"-EXIF=", "-XMP=", "-IPTC="}, to_name_);
    }
    if (what != What::nothing) return copy_fields(what);
    write_own();
  }

  /// What the result says itself.
  void write_own() {
    const Arguments arguments = without_own_exif() + added_ + resolution_.corrected();
    if (!arguments.empty()) write(arguments, to_name_);
  }

  /// Whole blocks, byte by byte: they hold what exiftool has no names for, too.
  void copy_blocks() {
    Arguments blocks = from_source();
    if (!has("XMP-xmpNote:HasExtendedXMP")) blocks.push_back("-XMP");
    if (to_.format() == Format::jpeg || to_.format() == Format::tiff) blocks.push_back("-IPTC");
    if (to_.format() == Format::webp) {
      copy_exif_to_webp();
    } else if (has_exif_block(from_.format()) && has_exif_block(to_.format())) {
      blocks.push_back("-EXIF");
    }
    write(blocks, to_name_);
  }

  /// Not TIFF, whose fields are the file's own, nor WebP, where some programs write it otherwise.
  static bool has_exif_block(Format format) {
    return format == Format::jpeg || format == Format::png;
  }

  /// exiftool puts IPTC and Photoshop's resources into EXIF, but only into that of a TIFF: it is
  /// made as one without a picture and then taken as a block.
  void copy_exif_to_webp() {
    const common::FileDescriptor folder =
        common::open_file(fs::absolute(to_.path()).parent_path(), O_RDONLY | O_DIRECTORY);
    const Scratch exif(
        fs::path(name_in_proc(folder)) /
        (".metadata." + std::to_string(getpid()) + "." + std::to_string(source_.get()) + ".tif"));
    const common::FileDescriptor file = common::open_file(exif.path, O_WRONLY | O_CREAT | O_TRUNC);
    common::write_all(file, kEmptyExif.data(), kEmptyExif.size(), exif.path);
    write(from_source() + Arguments{"-all:all", "--XMP:all", "-IPTC"} + each("-", kResolution) +
              each("--", kNotCopied) + each("--", kResolutionOfFile) + each("-", kNamed),
          exif.path);
    write({"-EXIF="}, to_name_);  // of libvips, whose head exiftool takes for broken
    write({"-EXIF<=" + exif.path.string()}, to_name_);
  }

  void copy_fields(What what) {
    Arguments arguments = from_source() + Arguments{"-all:all"} + each("--", kNotCopied) +
                          each("--", kResolution) + each("--", kResolutionOfFile) +
                          each("-", kNamed) + comments() + corrections();
    // In PNG, IPTC and Photoshop's resources are one block, which is made of fields.
    const bool has_iptc = what == What::blocks && to_.format() != Format::png;
    arguments.push_back(has_iptc ? "--IPTC:all" : "-IPTC:CodedCharacterSet");
    if (what == What::no_exif) arguments.push_back("--EXIF:all");
    const bool has_xmp = what == What::blocks && !has("XMP-xmpNote:HasExtendedXMP");
    for (const std::string& argument : added_) {
      // What is in the block already would be there twice.
      const std::string field = argument.substr(1, argument.find_first_of("+=") - 1);
      if (has_xmp || argument.find("+=") == std::string::npos) arguments.push_back("--" + field);
    }
    write(without_own_exif() + arguments + added_ + resolution_.corrected(), to_name_);
  }

  /// Comments of JPEG and PNG go to the field for them in other formats, texts of PNG line by line.
  Arguments comments() const {
    std::string text;
    for (const auto& [field, value] : fields_) {
      const bool is_text =
          field.starts_with("PNG:") && is_plain_name(field) && !describes_png_levels(field);
      if (from_.format() == to_.format() || (!is_text && field != "File:Comment")) continue;
      const std::string name = field.substr(field.find(':') + 1);
      if (!text.empty()) text += "$/";  // a new line
      text += (name == "Comment" ? "" : name + ": ") + "${" + field + "}";
    }
    if (text.empty()) return {};
    if (to_.format() == Format::png) return {"-PNG:Comment<" + text};
    if (to_.format() == Format::jpeg) return {"-File:Comment<" + text};
    if (has("ExifIFD:UserComment")) return {};
    return {"-ExifIFD:UserComment<" + text};
  }

  bool has_exif() const {
    return resolution_.is_in_exif ||
           std::any_of(fields_.begin(), fields_.end(), [](const auto& field) {
             return field.first.starts_with("IFD0:") || field.first.starts_with("ExifIFD:") ||
                    field.first.starts_with("GPS:");
           });
  }

  /// libvips writes EXIF of its own into a file whose source has none.
  Arguments without_own_exif() const {
    const bool is_needed = to_.format() == Format::webp && resolution_.is_known;
    if (has_exif() || is_needed || to_.format() == Format::tiff) return {};
    return {"-EXIF:all="};
  }

  /// Where `from` speaks of orientation, size and resolution, `to` speaks of its own.
  Arguments corrections() const {
    Arguments arguments = {
        "-IFD1:all=", "-Photoshop:PhotoshopThumbnail=", "-PreviewImage=", "-XMP-xmp:Thumbnails="};
    const auto correct = [&](const char* fields, int64_t number) {
      for (const std::string& field : each("", fields)) {
        if (has(field)) arguments.push_back("-" + field + "#=" + std::to_string(number));
      }
    };
    correct("IFD0:Orientation XMP-tiff:Orientation", 1);
    correct(
        "ExifIFD:ExifImageWidth InteropIFD:RelatedImageWidth XMP-exif:ExifImageWidth "
        "XMP-tiff:ImageWidth",
        to_.form().width);
    correct(
        "ExifIFD:ExifImageHeight InteropIFD:RelatedImageHeight XMP-exif:ExifImageHeight "
        "XMP-tiff:ImageHeight",
        to_.form().height);
    arguments = arguments + resolution_.turned(fields_);
    // Also where EXIF is silent: readers then take 72 dpi, whatever the JPEG around it says.
    if (!has_exif() || !resolution_.is_known) return arguments;
    return arguments + resolution_.in_exif();
  }

  /// -m: small faults of a source are no reason to leave all of it out.
  void write(const Arguments& arguments, const std::string& file) {
    for (const std::string& line : exiftool_.run(
             Arguments{"-q", "-m", "-overwrite_original"} + arguments + Arguments{file}, stop_)) {
      if (!line.starts_with("Error: ")) continue;
      failure_ = line.substr(0, line.find(" - /"));
      for (const char* words : {"Error creating", "Error writing", "Error renaming",
                                "File not found", "already exists"}) {
        if (!failure_.starts_with(std::string("Error: ") + words)) continue;
        throw common::Error(
            common::ErrorKind::io,
            "cannot write the metadata of " + to_.path().string() + ": " + line + "; " + reason());
      }
    }
  }

  /// By `added_`: also a field of a structure, "XMP-xmpMM:DerivedFromFilePath".
  bool is_replaced(const std::string& field) const {
    return std::any_of(added_.begin(), added_.end(), [&](const std::string& argument) {
      return field.starts_with(argument.substr(1, argument.find_first_of("+=") - 1));
    });
  }

  /// exiftool, which writes a second file beside the first, does not say why it cannot.
  std::string reason() const {
    std::error_code unknown;
    const fs::space_info space = fs::space(to_.path(), unknown);
    const bool is_full = !unknown && space.available < fs::file_size(to_.path(), unknown);
    return is_full ? std::strerror(ENOSPC) : "is the disk full, or the folder read-only?";
  }

  void note_lost(const Fields& kept, std::vector<std::string>& notes) const {
    constexpr size_t kMostNamed = 5;
    const bool has_comment = !comments().empty();
    size_t num_lost = 0;
    std::string names;
    for (const auto& [field, value] : fields_) {
      const bool is_comment = field.starts_with("PNG:") || field == "File:Comment";
      if (kept.contains(field) || (is_comment && has_comment)) continue;
      if (to_.format() != Format::png && describes_png_levels(field)) continue;
      if (is_replaced(field)) continue;
      if (++num_lost <= kMostNamed) names += " " + field;
    }
    if (num_lost == 0) return;
    notes.push_back(std::to_string(num_lost) + " of its fields could not be copied:" + names +
                    (num_lost > kMostNamed ? " ..." : ""));
  }

  ExifTool& exiftool_;
  Arguments added_;
  const std::stop_token stop_;
  const ImageFile& from_;
  const ImageFile& to_;
  const common::FileDescriptor source_;  // named by its number: exiftool reads codes from names
  const std::string source_name_, to_name_;
  const Scratch unfinished_;       // what an exiftool leaves that was killed
  MetadataResolution resolution_;  // of `from`, for `to`
  Fields fields_;                  // of `from`
  std::string failure_;            // of a write; empty: none
};

}  // namespace

std::vector<std::string> copy_metadata(ExifTool& exiftool, const ImageFile& from,
                                       const fs::path& to, const Arguments& added,
                                       const std::stop_token& stop) {
  auto notes = MetadataCopy(exiftool, from, ImageFile(to), added, stop).run();
  if (format_of_bytes(to) == Format::webp) mark_webp_alpha(to);
  return notes;
}

}  // namespace imaging
