#pragma once

#include <string_view>

namespace webui {

// The files of assets/ that make the report and the page, as they are (cmake/EmbedFiles.cmake).
std::string_view viewer_css();  ///< the before/after viewer, used by both
std::string_view viewer_js();
std::string_view report_html();  ///< head and top of the report, with {{places}}
std::string_view report_css();
std::string_view app_html();  ///< the page of `restore --serve`
std::string_view app_css();
std::string_view app_js();
std::string_view brush_js();  ///< painting damage by hand
std::string_view found_js();  ///< damage that is found before anything is restored
std::string_view panel_js();

}  // namespace webui
