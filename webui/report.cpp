#include "webui/report.h"

#include "common/error.h"
#include "common/printable.h"
#include "webui/assets.h"
#include "webui/page_protocol.h"
#include "webui/photo_words.h"
#include "webui/previews.h"
#include "webui/web_text.h"

namespace webui {
namespace {

constexpr int kReportPreviewSide = 1600;

/// `text` with {{name}} replaced.
std::string filled(std::string text, const std::string& name, std::string_view value) {
  const std::string place = "{{" + name + "}}";
  for (size_t at = text.find(place); at != std::string::npos;
       at = text.find(place, at + value.size())) {
    text.replace(at, place.size(), value);
  }
  return text;
}

/// The nonce lets our own script and style through the page's policy and nothing that a file's
/// name could smuggle in.
std::string head() {
  std::string html(report_html());
  html = filled(html, "nonce", random_token());
  html = filled(html, "style", std::string(viewer_css()) + std::string(report_css()));
  return filled(html, "script", viewer_js());
}

/// An <img>, or a sentence where the file cannot be shown.
std::string picture(const std::filesystem::path& file, const char* which, const std::string& name) {
  try {
    return std::string("<img class=\"viewer-") + which + "\" alt=\"" + name + ", " + which +
           "\" decoding=\"async\" src=\"" +
           data_uri("image/jpeg", jpeg_preview(file, kReportPreviewSide)) + "\">";
  } catch (const common::Error& error) {
    return "<p class=\"missing\">" + escape_html(common::printable(error.what())) + "</p>";
  }
}

std::string figure(const restore::RestoredPhoto& photo, const std::string& name) {
  std::string html = "<figure class=\"viewer\" aria-label=\"" + name + "\">\n";
  html += picture(photo.job.photo, "before", name) + "\n";
  html += picture(photo.job.restored, "after", name) + "\n";
  if (!photo.damage.levels.empty()) {
    html += "<img class=\"viewer-damage\" alt=\"\" decoding=\"async\" hidden src=\"" +
            data_uri("image/png", damage_overlay(photo.damage)) + "\">\n";
  }
  return html + "</figure>\n";
}

std::string facts(const restore::RestoredPhoto& photo) {
  std::string html = "<dl class=\"facts\">\n";
  for (const auto& [label, text] : describe(photo)) {
    html += "<div><dt>" + escape_html(label) + "</dt><dd>" + escape_html(text) + "</dd></div>\n";
  }
  html += "<div><dt>File</dt><dd>" + escape_html(common::printable(photo.job.restored.string())) +
          "</dd></div>\n</dl>\n";
  if (photo.notes.empty()) return html;
  html += "<ul class=\"notes\">\n";
  for (const auto& note : photo.notes)
    html += "<li>" + escape_html(common::printable(note)) + "</li>\n";
  return html + "</ul>\n";
}

}  // namespace

Report::Report(const std::filesystem::path& page) : page_(page), file_(page) {
  file_.write(head());
}

void Report::add(const restore::RestoredPhoto& photo) {
  const std::string name = escape_html(common::printable(photo.job.photo.filename().string()));
  names_.push_back(name);
  file_.write("<section id=\"photo-" + std::to_string(names_.size()) + "\">\n<h2>" + name +
              "</h2>\n");
  file_.write(figure(photo, name));
  file_.write(facts(photo));
  file_.write("</section>\n");
}

void Report::finish() {
  if (names_.empty() && std::filesystem::exists(page_)) return;
  // Last in the file, as the names come one by one, and first on the page.
  file_.write("</main>\n<nav aria-label=\"Photographs\"><p>" + std::to_string(names_.size()) +
              (names_.size() == 1 ? " photograph" : " photographs") + "</p>\n");
  if (names_.size() > 1) {
    file_.write("<ol>\n");
    for (size_t i = 0; i < names_.size(); ++i) {
      file_.write("<li><a href=\"#photo-" + std::to_string(i + 1) + "\">" + names_[i] +
                  "</a></li>\n");
    }
    file_.write("</ol>\n");
  }
  file_.write("</nav>\n</body>\n</html>\n");
  file_.commit();
}

}  // namespace webui
