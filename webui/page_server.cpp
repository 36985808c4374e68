#include "webui/page_server.h"

#include <httplib.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "common/error.h"
#include "common/files.h"
#include "webui/assets.h"
#include "webui/page_protocol.h"
#include "webui/web_text.h"

namespace webui {
namespace {

using httplib::ContentReader;
using httplib::Request;
using httplib::Response;

constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
    "'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr size_t kMostMaskBytes = size_t{32} << 20;  // of a preview; a PNG of strokes is far below

const httplib::Headers& headers() {
  static const httplib::Headers fixed = {{"Content-Security-Policy", kPolicy},
                                         {"X-Content-Type-Options", "nosniff"},
                                         {"Referrer-Policy", "no-referrer"},
                                         {"Cross-Origin-Resource-Policy", "same-origin"},
                                         {"Cross-Origin-Opener-Policy", "same-origin"},
                                         {"Cache-Control", "no-store"}};
  return fixed;
}

void send_error(Response& response, int status, const std::string& message) {
  response.status = status;
  response.set_content(error_json(message), "application/json");
}

int status_of(common::ErrorKind kind) {
  switch (kind) {
    case common::ErrorKind::usage: return 400;
    case common::ErrorKind::corrupt: return 415;
    default: return 500;
  }
}

/// Errors become an answer that the page shows.
template <class Answer>
void answered(Response& response, Answer&& answer) {
  try {
    answer();
  } catch (const common::Error& error) {
    send_error(response, status_of(error.kind()), error.what());
  } catch (const std::exception& error) {
    spdlog::error("the page: {}", error.what());
    send_error(response, 500, error.what());
  }
}

/// Throws Error(usage) for one that is too large or takes longer than `timeout`.
std::string body_of(const ContentReader& reader, size_t max_bytes, std::chrono::seconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::string body;
  bool is_too_large = false;
  const bool is_whole = reader([&](const char* data, size_t num_bytes) {
    is_too_large |= body.size() + num_bytes > max_bytes;
    if (!is_too_large) body.append(data, num_bytes);
    return std::chrono::steady_clock::now() < deadline;
  });
  if (is_too_large) throw common::usage_error("the request is too large");
  if (!is_whole) throw common::usage_error("the request broke off");
  return body;
}

void send_text(Response& response, std::string_view text, const char* type) {
  response.set_content(text.data(), text.size(), type);
}

/// A result may be larger than memory would like.
void send_download(Response& response, const PhotoStatus& photo) {
  if (photo.result.version == 0) {
    throw common::usage_error(photo.name + " is not restored yet");
  }
  const auto path = photo.files.restored(photo.result.version);
  const auto file = std::make_shared<common::FileDescriptor>(common::open_file(path, O_RDONLY));
  struct stat about {};
  if (fstat(file->get(), &about) != 0) throw common::io_error("cannot read", path.string());
  response.set_header("Content-Disposition",
                      content_disposition(download_name(photo.name, photo.result.format)));
  response.set_content_provider(
      static_cast<size_t>(about.st_size), std::string("image/") + to_string(photo.result.format),
      [file, path](size_t offset, size_t length, httplib::DataSink& sink) {
        std::string bytes(std::min(length, size_t{1} << 18), '\0');
        try {
          common::read_exactly(*file, bytes.data(), bytes.size(), offset, path);
        } catch (const common::Error& error) {  // httplib would end the process
          spdlog::error("{}", error.what());
          return false;
        }
        return sink.write(bytes.data(), bytes.size());
      });
}

}  // namespace

struct PageServer::Http {
  Http(const ServeOptions& options, const PageLimits& limits, PhotoQueue& queue)
      : options_(options), limits_(limits), queue_(queue), token_(random_token()) {}

  void configure();
  void add_routes();
  void add_text(const char* path, std::string_view text, const char* type);
  void add_picture(const char* name, const char* type,
                   std::filesystem::path (*file)(const PhotoStatus&));
  void add_action(const char* name, void (PhotoQueue::*action)(int64_t));
  httplib::Server::HandlerResponse check(const Request& request, Response& response);
  void upload(const Request& request, Response& response, const ContentReader& reader);

  /// The photograph of a path with a number in it. Throws Error(usage).
  PhotoStatus photo_of(const Request& request) const {
    const auto photo = queue_.find(std::stoll(request.matches[1]));  // at most nine digits
    if (!photo) throw common::usage_error("this photograph is gone");
    return *photo;
  }
  std::string path(const std::string& rest) const { return "/" + token_ + rest; }

  const ServeOptions options_;
  const PageLimits limits_;
  PhotoQueue& queue_;
  const std::string token_;
  int port_ = 0;
  std::atomic<bool> is_ending_{false};  ///< an upload that runs is not waited for
  httplib::Server server_;
};

void PageServer::Http::configure() {
  // Not httplib's SO_REUSEPORT: another process could take half of the requests.
  server_.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  });
  // A connection a request: what is left of a refused request is never taken for the next one.
  server_.set_keep_alive_max_count(1).set_keep_alive_timeout(2);
  server_.set_read_timeout(std::chrono::seconds(10)).set_write_timeout(std::chrono::seconds(10));
  server_.set_default_headers(headers());
  server_.new_task_queue = [] { return new httplib::ThreadPool(12); };
  server_.set_pre_routing_handler(
      [this](const Request& request, Response& response) { return check(request, response); });
  server_.set_error_handler([](const Request&, Response& response) {
    if (response.body.empty()) send_error(response, response.status, "there is no such page");
  });
}

httplib::Server::HandlerResponse PageServer::Http::check(const Request& request,
                                                         Response& response) {
  const auto refused = [&](int status, const char* message) {
    send_error(response, status, message);
    return httplib::Server::HandlerResponse::Handled;
  };
  if (!is_our_host(request.get_header_value("Host"), port_) ||
      request.get_header_value_count("Host") != 1) {
    return refused(403, "this is not the address of this page");
  }
  if (after_token(request.path, token_).empty()) return refused(404, "there is no such page");
  if (request.method != "GET" && request.method != "HEAD" && request.method != "POST") {
    return refused(405, "only GET and POST are answered");
  }
  if (request.method == "POST") {
    if (!is_our_origin(request.get_header_value("Origin"), port_)) {
      return refused(403, "this request comes from another page");
    }
    if (!request.has_header("Content-Length")) return refused(411, "Content-Length is missing");
    if (request.is_multipart_form_data()) return refused(415, "the file alone is expected");
  }
  return httplib::Server::HandlerResponse::Unhandled;
}

void PageServer::Http::add_text(const char* name, std::string_view text, const char* type) {
  server_.Get(path(name), [text, type](const Request&, Response& response) {
    send_text(response, text, type);
  });
}

void PageServer::Http::add_picture(const char* name, const char* type,
                                   std::filesystem::path (*file)(const PhotoStatus&)) {
  server_.Get(path("/photos/(\\d{1,9})/") + name,
              [this, type, file](const Request& request, Response& response) {
                answered(response, [&] {
                  const auto photo = photo_of(request);
                  response.set_content(common::read_file(file(photo)), type);
                });
              });
}

void PageServer::Http::add_action(const char* name, void (PhotoQueue::*action)(int64_t)) {
  server_.Post(
      path("/photos/(\\d{1,9})/") + name,
      [this, action](const Request& request, Response& response, const ContentReader& reader) {
        answered(response, [&] {
          body_of(reader, 0, limits_.upload_timeout);
          (queue_.*action)(photo_of(request).id);
          response.set_content("{}", "application/json");
        });
      });
}

void PageServer::Http::upload(const Request& request, Response& response,
                              const ContentReader& reader) {
  Upload upload(queue_, limits_);
  const bool is_whole = reader([&](const char* data, size_t num_bytes) {
    return !is_ending_ && upload.receive(data, num_bytes);
  });
  answered(response, [&] {
    if (!is_whole) throw common::usage_error("the upload broke off");
    response.set_content(photo_json(upload.finish(request.get_param_value("name"))),
                         "application/json");
    response.status = 201;
  });
  if (upload.is_too_large()) response.status = 413;
}

void PageServer::Http::add_routes() {
  add_text("/", app_html(), "text/html; charset=utf-8");
  add_text("/app.css", app_css(), "text/css; charset=utf-8");
  add_text("/viewer.css", viewer_css(), "text/css; charset=utf-8");
  for (const auto& [name, text] : {std::pair{"/app.js", app_js()},
                                   {"/brush.js", brush_js()},
                                   {"/found.js", found_js()},
                                   {"/panel.js", panel_js()},
                                   {"/viewer.js", viewer_js()}}) {
    add_text(name, text, "text/javascript; charset=utf-8");
  }
  server_.Get(path("/photos"), [this](const Request&, Response& response) {
    response.set_content(state_json(queue_.list(), limits_, options_.sensitivity),
                         "application/json");
  });
  server_.Post(path("/photos"),
               [this](const Request& request, Response& response, const ContentReader& reader) {
                 upload(request, response, reader);
               });
  using Photo = const PhotoStatus&;
  add_picture("before.jpg", "image/jpeg", [](Photo photo) { return photo.files.before(); });
  add_picture("after.jpg", "image/jpeg",
              [](Photo photo) { return photo.files.after(photo.result.version); });
  add_picture("damage.png", "image/png",
              [](Photo photo) { return photo.files.damage(photo.result.version); });
  add_picture("found.png", "image/png", [](Photo photo) { return photo.files.found(); });
  add_picture("thumb.jpg", "image/jpeg",
              [](Photo photo) { return photo.files.thumb(photo.result.version); });
  server_.Get(path("/photos/(\\d{1,9})/result"),
              [this](const Request& request, Response& response) {
                answered(response, [&] { send_download(response, photo_of(request)); });
              });
  server_.Post(
      path("/photos/(\\d{1,9})/restore"),
      [this](const Request& request, Response& response, const ContentReader& reader) {
        answered(response, [&] {
          const std::string painted = body_of(reader, kMostMaskBytes, limits_.upload_timeout);
          const auto value = [&](const char* name) { return request.get_param_value(name); };
          queue_.restore(photo_of(request).id, parse_options(value), painted);
          response.set_content("{}", "application/json");
        });
      });
  add_action("cancel", &PhotoQueue::cancel);
  add_action("delete", &PhotoQueue::remove);
  server_.Post(".*", [](const Request&, Response& response, const ContentReader& reader) {
    reader([](const char*, size_t) { return true; });
    send_error(response, 404, "there is no such page");
  });
}

PageServer::PageServer(const ServeOptions& options, const PageLimits& limits, PhotoQueue& queue)
    : http_(std::make_unique<Http>(options, limits, queue)) {
  const int port = options.port;
  http_->configure();
  const bool is_bound = port == 0 || http_->server_.bind_to_port("127.0.0.1", port);
  http_->port_ = port == 0 ? http_->server_.bind_to_any_port("127.0.0.1") : port;
  if (!is_bound || http_->port_ <= 0) {
    throw common::usage_error("port " + std::to_string(port) +
                              " of 127.0.0.1 cannot be listened on: is it "
                              "taken? Choose another, or 0 for any");
  }
  http_->add_routes();
  address_ = "http://127.0.0.1:" + std::to_string(http_->port_) + http_->path("/");
  listener_ = std::thread([this] {
    http_->server_.listen_after_bind();
    is_listening_ = false;
  });
}

PageServer::~PageServer() {
  // stop() before the loop has begun would be lost.
  while (is_listening_ && !http_->server_.is_running()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  http_->is_ending_ = true;
  http_->server_.stop();
  listener_.join();
}

}  // namespace webui
