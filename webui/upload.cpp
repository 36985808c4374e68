#include "webui/upload.h"

#include <fcntl.h>

#include "webui/photo_words.h"
#include "webui/previews.h"
#include "webui/web_text.h"

namespace webui {

Upload::Upload(PhotoQueue& queue, PageLimits limits)
    : queue_(queue),
      limits_(limits),
      deadline_(std::chrono::steady_clock::now() + limits.upload_timeout) {
  try {
    photo_ = queue_.begin_upload();
    file_ = common::open_file(photo_->files.photo(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  } catch (const common::Error& error) {
    failure_ = error;
  }
}

Upload::~Upload() {
  if (!photo_) return;
  try {
    queue_.remove(photo_->id);
  } catch (const common::Error&) {  // a person has deleted it already
  }
}

bool Upload::receive(const char* data, size_t num_bytes) {
  if (std::chrono::steady_clock::now() > deadline_) {
    failure_ = common::Error(
        common::ErrorKind::usage,
        "the upload took longer than " + std::to_string(limits_.upload_timeout.count()) + " s");
    return false;
  }
  num_bytes_ += static_cast<int64_t>(num_bytes);
  if (failure_ || is_too_large()) return true;
  try {
    common::write_all(file_, data, num_bytes, photo_->files.photo());
  } catch (const common::Error& error) {  // a full disk
    failure_ = error;
  }
  return true;
}

PhotoStatus Upload::finish(const std::string& sent_name) {
  if (failure_) throw *failure_;
  const std::string name = display_name(sent_name);
  if (is_too_large()) {
    throw common::usage_error(name + " is larger than the " +
                              size_in_words(limits_.max_upload_bytes) + " that are taken");
  }
  file_ = common::FileDescriptor();
  PhotoStatus photo = *photo_;
  photo.name = name;
  photo.num_bytes = num_bytes_;
  try {
    photo.size = imaging::photo_size(photo.files.photo(), 0);
    write_previews(photo.files.photo(), photo.files.before(), photo.files.thumb(0));
  } catch (const common::Error& error) {
    throw common::Error(error.kind(), with_name(error.what(), photo));
  }
  queue_.finish_upload(photo);
  photo_.reset();
  return photo;
}

}  // namespace webui
