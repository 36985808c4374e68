#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "webui/photo_queue.h"
#include "webui/serve.h"
#include "webui/upload.h"

namespace webui {

/// The HTTP side of the page: who may ask, what is answered. httplib stays in its .cpp.
class PageServer {
 public:
  /// Listens on 127.0.0.1. Throws Error(usage) if the port is taken.
  PageServer(const ServeOptions& options, const PageLimits& limits, PhotoQueue& queue);
  ~PageServer();  ///< ends the requests that run

  const std::string& address() const { return address_; }  ///< http://127.0.0.1:PORT/TOKEN/
  /// False once the server has ended by itself, which it should not.
  bool is_listening() const { return is_listening_; }

 private:
  struct Http;

  const std::unique_ptr<Http> http_;
  std::string address_;
  std::atomic<bool> is_listening_{true};
  std::thread listener_;
};

}  // namespace webui
