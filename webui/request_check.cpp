#include "webui/request_check.h"

#include "webui/token.h"

namespace webui {

bool is_our_host(std::string_view host, int port) {
  const std::string suffix = ":" + std::to_string(port);
  return host == "127.0.0.1" + suffix || host == "localhost" + suffix;
}

bool is_our_origin(std::string_view origin, int port) {
  constexpr std::string_view kScheme = "http://";
  if (origin.empty()) return true;
  return origin.substr(0, kScheme.size()) == kScheme &&
         is_our_host(origin.substr(kScheme.size()), port);
}

std::string_view after_token(std::string_view path, std::string_view token) {
  if (path.size() < token.size() + 2 || path[0] != '/' || path[token.size() + 1] != '/') return {};
  if (!same_token(path.substr(1, token.size()), token)) return {};
  return path.substr(token.size() + 1);
}

}  // namespace webui
