#include "imaging/metadata/xmp_packet.h"

#include <glib.h>

#include <algorithm>
#include <memory>

namespace imaging {
namespace {

constexpr std::string_view kRdfEnd = "</rdf:RDF>";

/// Puts `value` where `packet` has a number for `name`, as an attribute (name="6") or as an element
/// (<name>6</name>).
void replace_number(std::string& packet, const std::string& name, uint64_t value) {
  for (size_t at = packet.find(name); at != std::string::npos; at = packet.find(name, at + 1)) {
    const size_t mark = at + name.size();
    size_t begin = mark;
    if (packet.compare(mark, 2, "=\"") == 0 || packet.compare(mark, 2, "='") == 0) {
      begin = mark + 2;
    } else if (packet.compare(mark, 1, ">") == 0) {
      begin = mark + 1;
    }
    const size_t end = std::min(packet.find_first_not_of("0123456789", begin), packet.size());
    if (begin == mark || end == begin || end == packet.size()) continue;
    if (packet[end] != '"' && packet[end] != '\'' && packet[end] != '<') continue;
    packet.replace(begin, end - begin, std::to_string(value));
  }
}

/// What stands between <rdf:RDF ...> and </rdf:RDF>.
std::string_view descriptions(std::string_view packet) {
  const size_t tag = packet.find("<rdf:RDF");
  const size_t begin = packet.find('>', tag), end = packet.rfind(kRdfEnd);
  if (tag == std::string::npos || end == std::string::npos || begin >= end) return {};
  return packet.substr(begin + 1, end - begin - 1);
}

/// Takes the instruction out that says that there is more (an attribute or an element).
void forget_extended(std::string& packet) {
  constexpr std::string_view kName = "xmpNote:HasExtendedXMP";
  const size_t at = packet.find(kName);
  if (at == std::string::npos || at == 0) return;
  if (packet[at - 1] == '<') {
    const std::string closing = "</" + std::string(kName) + ">";
    const size_t end = packet.find(closing, at);
    if (end != std::string::npos) packet.erase(at - 1, end + closing.size() - (at - 1));
    return;
  }
  const size_t open = packet.find_first_of("\"'", at);
  const size_t close = open == std::string::npos ? open : packet.find(packet[open], open + 1);
  if (close != std::string::npos) packet.erase(at, close + 1 - at);
}

}  // namespace

void correct_xmp(std::string& packet, const ImageInfo& picture) {
  replace_number(packet, "tiff:Orientation", 1);
  replace_number(packet, "tiff:ImageWidth", picture.width);
  replace_number(packet, "tiff:ImageLength", picture.height);
  replace_number(packet, "exif:PixelXDimension", picture.width);
  replace_number(packet, "exif:PixelYDimension", picture.height);
}

std::string joined_xmp(const std::string& packet, const std::string& extended) {
  const std::string_view more = descriptions(extended);
  std::string joined = packet;
  forget_extended(joined);
  const size_t end = joined.rfind(kRdfEnd);
  if (more.empty() || end == std::string::npos) return "";
  return joined.insert(end, more);
}

SplitXmp split_xmp(const std::string& packet) {
  SplitXmp split;
  const size_t begin = packet.find("<x:xmpmeta"), end = packet.rfind("</x:xmpmeta>");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return split;
  split.extended = packet.substr(begin, end + std::string_view("</x:xmpmeta>").size() - begin);
  split.packet = "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
                 packet.substr(begin, packet.find('>', begin) + 1 - begin) +
                 "\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                 "<rdf:Description rdf:about=\"\" xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\""
                 " xmpNote:HasExtendedXMP=\"" +
                 extended_xmp_name(split.extended) +
                 "\"/>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>";
  return split;
}

std::string extended_xmp_name(const std::string& extended) {
  const std::unique_ptr<char, decltype(&g_free)> md5(
      g_compute_checksum_for_data(G_CHECKSUM_MD5, reinterpret_cast<const guchar*>(extended.data()),
                                  extended.size()),
      &g_free);
  std::string name = md5.get();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return static_cast<char>(g_ascii_toupper(c)); });
  return name;
}

}  // namespace imaging
