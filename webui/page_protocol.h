// What goes between the page and this program: who may ask, what is asked for, what is answered.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "restore/restore_options.h"
#include "webui/photo_queue.h"
#include "webui/upload.h"

namespace webui {

/// 128 random bits of the kernel's as 32 hexadecimal digits: what cannot be guessed. Throws
/// Error(io).
std::string random_token();

/// As ==, in a time that does not tell how much of `said` is right.
bool same_token(std::string_view said, std::string_view token);

/// What follows "/TOKEN" in a path, "/" at least; empty if the token is not right.
std::string_view after_token(std::string_view path, std::string_view token);

/// Whether a request's Host names this server. Another name that resolves to 127.0.0.1 is how a
/// stranger's page would reach it (DNS rebinding).
bool is_our_host(std::string_view host, int port);

/// Whether a request that changes something comes from our own page, or from no page at all (an
/// empty Origin: curl).
bool is_our_origin(std::string_view origin, int port);

/// What the page asks for with "tasks=denoise,inpaint&strength=auto&colours=keep&mask=only
/// &sensitivity=0.5", whose values `value` gives ("" for one that is not there). Throws
/// Error(usage) as parse_tasks, parse_strength and parse_sensitivity do.
restore::RestoreOptions parse_options(const std::function<std::string(const char* name)>& value);

/// What the page asks for again and again: {"photos": [...], "limits": {...}, "damage": {...}}; the
/// last says what the levels of found damage mean, and where the slider begins.
std::string state_json(const std::vector<PhotoStatus>& photos, const PageLimits& limits,
                       double sensitivity);
std::string photo_json(const PhotoStatus& photo);
/// {"error": message}
std::string error_json(const std::string& message);

}  // namespace webui
