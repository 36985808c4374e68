#include "restore/provenance.h"

#include <fcntl.h>
#include <glib.h>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <ctime>
#include <memory>

#include "common/command_line.h"
#include "common/error.h"
#include "common/files.h"
#include "common/printable.h"

namespace restore {
namespace {

using nlohmann::json;

std::string name_of(const std::filesystem::path& file) {
  return common::printable(file.filename().string());
}

/// An inpainted pixel is made up by the model, and so is colour; to take grain away is not.
const char* source_type(const RestoredPhoto& result) {
  const bool is_inpainted = result.strengths.inpaint > 0 && result.found.damaged_share > 0;
  return result.coloured || is_inpainted
             ? "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
             : "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced";
}

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

/// Three digits say enough.
double rounded(double value) { return std::stod(fmt::format("{:.3g}", value)); }

json parameters_of(const RestoredPhoto& result) {
  const RestoreOptions& options = result.options;
  json parameters{{"model_sha256", result.model_sha256},
                  {"tasks", to_string(options.tasks)},
                  {"strength", strength_text(options.strength)},
                  {"grain", rounded(result.strengths.grain)},
                  {"tone", rounded(result.strengths.tone)},
                  {"inpaint", rounded(result.strengths.inpaint)},
                  {"coloured", result.coloured},
                  {"changed_share", rounded(result.changed_share)},
                  {"damaged_share", rounded(result.found.damaged_share)}};
  if (options.sensitivity != 0) parameters["sensitivity"] = options.sensitivity;
  if (options.keep_colour) parameters["keep_colour"] = true;
  if (options.only_mask) parameters["only_mask"] = true;
  if (!options.mask.empty()) parameters["mask"] = name_of(options.mask);
  if (result.format == imaging::Format::jpeg || result.format == imaging::Format::webp) {
    parameters["quality"] = result.job.quality;
  }
  return parameters;
}

/// A value inside a structure, as exiftool reads it.
std::string escaped(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (std::string_view("|,{}[] ").find(c) != std::string_view::npos) text += '|';
    text += c;
  }
  return text;
}

}  // namespace

std::string sha256_of_file(const std::filesystem::path& path) {
  const common::FileDescriptor file = common::open_file(path, O_RDONLY);
  const std::unique_ptr<GChecksum, decltype(&g_checksum_free)> sum(
      g_checksum_new(G_CHECKSUM_SHA256), &g_checksum_free);
  std::vector<guchar> bytes(1 << 20);
  while (true) {
    const ssize_t count = ::read(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw common::io_error("cannot read", path.string());
    if (count == 0) return g_checksum_get_string(sum.get());
    g_checksum_update(sum.get(), bytes.data(), count);
  }
}

Provenance::Provenance(const RestoredPhoto& result, const std::string& scan_sha256)
    : record_{{"result", name_of(result.job.restored)},
              {"digital_source_type", source_type(result)},
              {"derived_from",
               {{"name", result.job.name.empty() ? name_of(result.job.photo)
                                                 : common::printable(result.job.name)},
                {"sha256", scan_sha256}}},
              {"history",
               {{"action", "edited"},
                {"when", now_text()},
                {"software_agent", std::string("restore ") + common::kVersion},
                {"parameters", parameters_of(result)}}},
              {"damage_mask", nullptr}} {
  if (!result.job.mask.empty()) record_["damage_mask"] = name_of(result.job.mask);
}

std::vector<std::string> Provenance::fields() const {
  const json &from = record_["derived_from"], &history = record_["history"];
  const auto text = [](const json& value) { return escaped(value.get<std::string>()); };
  return {"-XMP-iptcExt:DigitalSourceType=" + record_["digital_source_type"].get<std::string>(),
          "-XMP-xmpMM:DerivedFrom={FilePath=" + text(from["name"]) +
              ",DocumentID=sha256:" + text(from["sha256"]) + "}",
          "-XMP-xmpMM:History+={Action=" + text(history["action"]) + ",When=" +
              text(history["when"]) + ",SoftwareAgent=" + text(history["software_agent"]) +
              ",Parameters=" + escaped(history["parameters"].dump()) + "}"};
}

std::string Provenance::sidecar() const { return record_.dump(2) + "\n"; }

}  // namespace restore
