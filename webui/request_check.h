#pragma once

#include <string>
#include <string_view>

namespace webui {

/// Whether a request's Host names this server. Another name that resolves to 127.0.0.1 is how a
/// stranger's page would reach it (DNS rebinding).
bool is_our_host(std::string_view host, int port);

/// Whether a request that changes something comes from our own page, or from no page at all (an
/// empty Origin: curl).
bool is_our_origin(std::string_view origin, int port);

/// What follows "/TOKEN" in a path, "/" at least; empty if the token is not right.
std::string_view after_token(std::string_view path, std::string_view token);

}  // namespace webui
