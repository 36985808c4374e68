#include "webui/photo_queue.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "common/error.h"
#include "common/files.h"
#include "webui/previews.h"

namespace webui {
namespace {

struct Cancelled : std::exception {
  const char* what() const noexcept override { return "cancelled"; }
};

[[noreturn]] void refuse(const std::string& message) {
  throw common::Error(common::ErrorKind::usage, message);
}

bool is_in_queue(PhotoState state) {
  return state == PhotoState::waiting || state == PhotoState::restoring;
}

}  // namespace

const char* to_string(PhotoState state) {
  switch (state) {
    case PhotoState::uploading: return "uploading";
    case PhotoState::ready: return "ready";
    case PhotoState::waiting: return "waiting";
    case PhotoState::restoring: return "restoring";
    case PhotoState::done: return "done";
    case PhotoState::failed: return "failed";
    case PhotoState::cancelled: return "cancelled";
  }
  return "";
}

std::string with_name(std::string message, const PhotoStatus& photo) {
  const std::string path = photo.files.photo().string();
  for (size_t at = message.find(path); at != std::string::npos;
       at = message.find(path, at + photo.name.size())) {
    message.replace(at, path.size(), photo.name);
  }
  return message;
}

PhotoQueue::PhotoQueue(std::filesystem::path folder, int max_photos, restore::RestorePhoto restore_photo)
    : folder_(std::move(folder)),
      max_photos_(max_photos),
      restore_photo_(std::move(restore_photo)),
      worker_([this] { work(); }) {}

PhotoQueue::~PhotoQueue() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = is_cancelled_ = true;
  }
  changed_.notify_all();
  worker_.join();
}

PhotoQueue::Entry& PhotoQueue::entry(int64_t id) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.is_removed) refuse("this photograph is gone");
  return found->second;
}

PhotoStatus PhotoQueue::begin_upload() {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= static_cast<size_t>(max_photos_)) {
    refuse("at most " + std::to_string(max_photos_) + " photographs at a time: delete some first");
  }
  Entry entry;
  entry.status.id = ++last_id_;
  entry.status.files.folder = folder_ / std::to_string(last_id_);
  common::make_directories(entry.status.files.folder);
  entries_[last_id_] = entry;
  return entry.status;
}

void PhotoQueue::finish_upload(const PhotoStatus& photo) {
  const std::lock_guard lock(mutex_);
  PhotoStatus& status = entry(photo.id).status;
  status = photo;
  status.state = PhotoState::ready;
}

void PhotoQueue::restore(int64_t id, restore::RestoreOptions treatment, std::string_view painted) {
  std::unique_lock lock(mutex_);
  PhotoStatus& status = entry(id).status;
  if (status.state == PhotoState::uploading || is_in_queue(status.state)) {
    refuse(status.name + " is being restored already: cancel that first");
  }
  const PhotoState before = status.state;
  status.state = PhotoState::waiting;
  const int version = ++entry(id).num_attempts;
  const PhotoStatus photo = status;
  lock.unlock();  // a large mask takes a while
  if (!painted.empty()) {
    try {
      treatment.mask = photo.files.mask(version);
      write_mask(painted, size_of(photo.files.before()), photo.size, treatment.mask);
    } catch (...) {
      lock.lock();
      entry(id).status.state = before;
      throw;
    }
  }
  lock.lock();
  // Cancelled meanwhile, or even asked for again.
  if (entry(id).status.state != PhotoState::waiting || entry(id).num_attempts != version) return;
  entry(id).treatment = treatment;
  entry(id).status.progress = 0;
  waiting_.push_back(id);
  changed_.notify_all();
}

void PhotoQueue::cancel(int64_t id) {
  const std::lock_guard lock(mutex_);
  PhotoStatus& status = entry(id).status;
  if (status.state == PhotoState::restoring) is_cancelled_ = true;
  if (status.state != PhotoState::waiting) return;
  std::erase(waiting_, id);
  status.state = status.result.version > 0 ? PhotoState::done : PhotoState::cancelled;
}

void PhotoQueue::remove(int64_t id) {
  const std::lock_guard lock(mutex_);
  Entry& removed = entry(id);
  if (removed.status.state == PhotoState::restoring) {
    removed.is_removed = is_cancelled_ = true;
    return;
  }
  std::erase(waiting_, id);
  std::error_code ignored;
  std::filesystem::remove_all(removed.status.files.folder, ignored);
  entries_.erase(id);
}

std::vector<PhotoStatus> PhotoQueue::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<PhotoStatus> photos;
  for (const auto& [id, entry] : entries_) {
    if (!entry.is_removed && entry.status.state != PhotoState::uploading) {
      photos.push_back(entry.status);
    }
  }
  return photos;
}

std::optional<PhotoStatus> PhotoQueue::find(int64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.is_removed) return std::nullopt;
  return found->second.status;
}

bool PhotoQueue::is_busy() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(entries_.begin(), entries_.end(), [](const auto& numbered) {
    return is_in_queue(numbered.second.status.state);
  });
}

void PhotoQueue::work() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
    if (is_ending_) return;
    Entry& next = entry(waiting_.front());
    waiting_.pop_front();
    next.status.state = PhotoState::restoring;
    is_cancelled_ = false;
    const PhotoStatus photo = next.status;
    const restore::RestoreOptions treatment = next.treatment;
    const int version = next.num_attempts;
    lock.unlock();
    try {
      const restore::RestoredPhoto restored = attempt(photo, treatment, version);
      finish_attempt(photo.id, PhotoState::done, "",
                     {version, restored.format, !restored.damage.levels.empty(), describe(restored),
                      restored.notes});
    } catch (const std::exception& error) {  // of LibTorch, too
      photo.files.remove(version);
      finish_attempt(photo.id, PhotoState::failed, with_name(error.what(), photo), photo.result);
    }
  }
}

restore::RestoredPhoto PhotoQueue::attempt(const PhotoStatus& photo, const restore::RestoreOptions& treatment,
                                  int version) {
  restore::RestoredPhoto restored = restore_photo_({photo.files.photo(), photo.files.restored(version), {}},
                                          treatment, [&](double share) { tell(photo.id, share); });
  tell(photo.id, 1);  // cancelled in the last moment: no previews are made
  write_result_previews(restored, photo.files, version);
  return restored;
}

void PhotoQueue::tell(int64_t id, double share) {
  const std::lock_guard lock(mutex_);
  if (is_cancelled_) throw Cancelled();
  entries_.at(id).status.progress = std::clamp(share, 0.0, 1.0);
}

void PhotoQueue::finish_attempt(int64_t id, PhotoState state, const std::string& message,
                                PhotoResult result) {
  const std::lock_guard lock(mutex_);
  Entry& finished = entries_.at(id);
  if (finished.is_removed) {
    std::error_code ignored;
    std::filesystem::remove_all(finished.status.files.folder, ignored);
    entries_.erase(id);
    return;
  }
  PhotoStatus& status = finished.status;
  const bool is_given_up = state == PhotoState::failed && is_cancelled_;
  status.state = is_given_up ? PhotoState::cancelled : state;
  status.message = is_given_up ? "" : message;
  if (state == PhotoState::failed && !is_given_up) spdlog::error("{}: {}", status.name, message);
  if (status.result.version != result.version) status.files.remove(status.result.version);
  status.result = std::move(result);
}

}  // namespace webui
