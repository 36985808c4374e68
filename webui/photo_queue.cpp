#include "webui/photo_queue.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "common/error.h"
#include "common/files.h"

namespace webui {
namespace {

bool is_waiting_or_running(PhotoState state) {
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

const char* to_string(DamageView view) {
  switch (view) {
    case DamageView::none: return "none";
    case DamageView::pending: return "pending";
    case DamageView::made: return "made";
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

PhotoQueue::PhotoQueue(std::filesystem::path folder, int max_photos,
                       restore::RestorePhoto restore_photo, restore::FindDamage find_damage)
    : folder_(std::move(folder)),
      max_photos_(max_photos),
      restore_photo_(std::move(restore_photo)),
      find_damage_(std::move(find_damage)),
      worker_([this] { work(); }) {}

PhotoQueue::~PhotoQueue() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    stop_.request_stop();
  }
  changed_.notify_all();
  worker_.join();
}

PhotoQueue::Entry& PhotoQueue::entry(int64_t id) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.is_removed)
    throw common::usage_error("this photograph is gone");
  return found->second;
}

PhotoStatus PhotoQueue::begin_upload() {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= static_cast<size_t>(max_photos_)) {
    throw common::usage_error("at most " + std::to_string(max_photos_) +
                              " photographs at a time: delete some first");
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
  if (!find_damage_) return;
  status.view = DamageView::pending;
  unseen_.push_back(photo.id);
  changed_.notify_all();
}

void PhotoQueue::restore(int64_t id, restore::RestoreOptions options, std::string_view painted) {
  std::unique_lock lock(mutex_);
  PhotoStatus& status = entry(id).status;
  if (status.state == PhotoState::uploading || is_waiting_or_running(status.state)) {
    throw common::usage_error(status.name + " is being restored already: cancel that first");
  }
  const PhotoState before = status.state;
  status.state = PhotoState::waiting;
  const int version = ++entry(id).num_attempts;
  const PhotoStatus photo = status;
  lock.unlock();  // a large mask takes a while
  if (!painted.empty()) {
    try {
      options.mask = photo.files.mask(version);
      write_mask(painted, imaging::photo_size(photo.files.before(), 0), photo.size, options.mask);
    } catch (...) {
      lock.lock();
      entry(id).status.state = before;
      throw;
    }
  }
  lock.lock();
  // Cancelled meanwhile, or even asked for again.
  if (entry(id).status.state != PhotoState::waiting || entry(id).num_attempts != version) return;
  entry(id).options = options;
  entry(id).status.progress = 0;
  waiting_.push_back(id);
  changed_.notify_all();
}

void PhotoQueue::cancel(int64_t id) {
  const std::lock_guard lock(mutex_);
  PhotoStatus& status = entry(id).status;
  if (status.state == PhotoState::restoring) stop_.request_stop();
  if (status.state != PhotoState::waiting) return;
  std::erase(waiting_, id);
  status.state = status.result.version > 0 ? PhotoState::done : PhotoState::cancelled;
}

void PhotoQueue::remove(int64_t id) {
  const std::lock_guard lock(mutex_);
  Entry& removed = entry(id);
  if (removed.status.state == PhotoState::restoring) {
    removed.is_removed = true;
    stop_.request_stop();
    return;
  }
  std::erase(waiting_, id);
  std::erase(unseen_, id);
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

void PhotoQueue::work() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_ending_ || !waiting_.empty() || !unseen_.empty(); });
    if (is_ending_) return;
    stop_ = std::stop_source();
    if (waiting_.empty()) {
      look_at_next(lock);
    } else {
      restore_next(lock);
    }
  }
}

void PhotoQueue::restore_next(std::unique_lock<std::mutex>& lock) {
  Entry& next = entry(waiting_.front());
  waiting_.pop_front();
  next.status.state = PhotoState::restoring;
  const PhotoStatus photo = next.status;
  const restore::RestoreOptions options = next.options;
  const int version = next.num_attempts;
  const std::stop_token stop = stop_.get_token();
  lock.unlock();
  try {
    const auto result = attempt(photo, options, version, stop);
    finish_attempt(photo.id, result ? PhotoState::done : PhotoState::cancelled, "", result);
  } catch (const std::exception& error) {  // of LibTorch, too
    const std::string message = with_name(error.what(), photo);
    spdlog::error("{}: {}", photo.name, message);
    finish_attempt(photo.id, PhotoState::failed, message, std::nullopt);
  }
}

void PhotoQueue::look_at_next(std::unique_lock<std::mutex>& lock) {
  const PhotoStatus photo = entry(unseen_.front()).status;
  unseen_.pop_front();
  const std::stop_token stop = stop_.get_token();
  lock.unlock();
  std::string png;
  try {
    const restore::GrayPreview found = find_damage_(photo.files.photo(), stop);
    if (!found.levels.empty()) png = gray_png(found);
  } catch (const std::exception& error) {
    spdlog::warn("{}: no damage is shown: {}", photo.name, with_name(error.what(), photo));
  }
  lock.lock();
  const auto still_there = entries_.find(photo.id);
  if (still_there == entries_.end() || still_there->second.is_removed) return;
  DamageView& view = still_there->second.status.view;
  view = DamageView::none;
  if (png.empty()) return;
  try {
    // With the lock: its folder stays.
    common::write_file_atomically(photo.files.found(), png);
    view = DamageView::made;
  } catch (const common::Error& error) {
    spdlog::warn("{}", error.what());
  }
}

std::optional<PhotoResult> PhotoQueue::attempt(const PhotoStatus& photo,
                                               const restore::RestoreOptions& options, int version,
                                               const std::stop_token& stop) {
  const PhotoFolder& files = photo.files;
  const auto tell = [&](double share) {
    const std::lock_guard lock(mutex_);
    entries_.at(photo.id).status.progress = std::clamp(share, 0.0, 1.0);
  };
  const auto restored = restore_photo_(
      {.photo = files.photo(), .restored = files.restored(version), .name = photo.name}, options,
      tell, stop);
  if (!restored || stop.stop_requested()) return std::nullopt;
  write_previews(files.restored(version), files.after(version), files.thumb(version));
  const bool has_damage = !restored->damage.levels.empty();
  if (has_damage) {
    common::write_file_atomically(files.damage(version), damage_overlay(restored->damage));
  }
  return PhotoResult{version,
                     restored->format,
                     has_damage,
                     restored->options.sensitivity,
                     describe(*restored),
                     restored->notes};
}

void PhotoQueue::finish_attempt(int64_t id, PhotoState state, const std::string& message,
                                const std::optional<PhotoResult>& result) {
  const std::lock_guard lock(mutex_);
  Entry& finished = entries_.at(id);
  PhotoStatus& status = finished.status;
  if (finished.is_removed) {
    std::error_code ignored;
    std::filesystem::remove_all(status.files.folder, ignored);
    entries_.erase(id);
    return;
  }
  status.state = state;
  status.message = message;
  // Of two versions one goes: the earlier result, or what a failure left.
  status.files.remove(result ? status.result.version : finished.num_attempts);
  if (result) status.result = *result;
}

}  // namespace webui
