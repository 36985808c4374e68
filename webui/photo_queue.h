#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "restore/restored_photo.h"
#include "webui/photo_words.h"
#include "webui/previews.h"

namespace webui {

/// The files of one photograph on the page. Every name is made of numbers of ours; each attempt to
/// restore it has a version, so that an earlier result stays whole while the next is made.
struct PhotoFolder {
  std::filesystem::path folder;

  std::filesystem::path photo() const { return folder / "photo"; }
  /// What is taken for damage before anything is restored, as levels of restore::FindDamage.
  std::filesystem::path found() const { return folder / "found.png"; }
  std::filesystem::path before() const { return folder / "before.jpg"; }
  std::filesystem::path mask(int version) const { return numbered("mask", version, ".png"); }
  std::filesystem::path restored(int version) const { return numbered("restored", version, ""); }
  std::filesystem::path after(int version) const { return numbered("after", version, ".jpg"); }
  std::filesystem::path damage(int version) const { return numbered("damage", version, ".png"); }
  /// Version 0 is of the photograph as it came.
  std::filesystem::path thumb(int version) const { return numbered("thumb", version, ".jpg"); }

  /// Deletes what belongs to one version.
  void remove(int version) const {
    std::error_code ignored;
    for (const auto& file :
         {mask(version), restored(version), after(version), damage(version), thumb(version)}) {
      std::filesystem::remove(file, ignored);
    }
  }

 private:
  std::filesystem::path numbered(const char* name, int version, const char* extension) const {
    return folder / (name + ("-" + std::to_string(version)) + extension);
  }
};

/// What becomes of a photograph.
enum class PhotoState { uploading, ready, waiting, restoring, done, failed, cancelled };

/// "ready", ...: as the page calls it.
const char* to_string(PhotoState state);

/// Whether PhotoFolder::found() is there; none: it could not be made, or there is no damage to look
/// for.
enum class DamageView { none, pending, made };
const char* to_string(DamageView view);

/// What came of the last attempt that succeeded.
struct PhotoResult {
  int version = 0;  ///< names its files; 0: there is none yet
  imaging::Format format = imaging::Format::png;
  bool has_damage = false;
  double sensitivity = 0;  ///< that was asked for
  std::vector<Fact> facts;
  std::vector<std::string> notes;
};

/// A photograph as it stands at one moment.
struct PhotoStatus {
  int64_t id = 0;
  std::string name;  ///< for people
  int64_t num_bytes = 0;
  imaging::PhotoSize size;
  PhotoState state = PhotoState::uploading;
  DamageView view = DamageView::none;
  double progress = 0;  ///< of PhotoState::restoring, 0 to 1
  std::string message;  ///< of PhotoState::failed
  PhotoResult result;
  PhotoFolder files;
};

/// `message` with the photograph's name for the path of our file: what a person knows it by.
std::string with_name(std::string message, const PhotoStatus& photo);

/// The photographs on the page, and the one thread that works at them, one after the other: it
/// restores those that wait for it, then looks for damage in those that have come. All may be
/// called from any thread.
class PhotoQueue {
 public:
  PhotoQueue(std::filesystem::path folder, int max_photos, restore::RestorePhoto restore_photo,
             restore::FindDamage find_damage = {});
  ~PhotoQueue();  ///< ends what is being restored

  /// A place for a photograph that is about to come, with a folder of its own. Throws Error(usage)
  /// if there are `max_photos`, Error(io).
  PhotoStatus begin_upload();
  /// It has come, with its previews.
  void finish_upload(const PhotoStatus& photo);

  /// Puts a photograph into the queue. `painted` is a PNG of the size of its preview, white where
  /// a person painted damage, or empty.
  /// Throws Error(usage) if it is there already or there is no such photograph, Error(corrupt).
  void restore(int64_t id, restore::RestoreOptions options, std::string_view painted);
  void cancel(int64_t id);
  void remove(int64_t id);  ///< and its files

  std::vector<PhotoStatus> list() const;  ///< in the order in which they came
  std::optional<PhotoStatus> find(int64_t id) const;

 private:
  struct Entry {
    PhotoStatus status;
    restore::RestoreOptions options;  ///< of the attempt that waits or runs
    int num_attempts = 0;
    bool is_removed = false;  ///< while it is being restored: the worker lets go of it first
  };

  Entry& entry(int64_t id);
  void work();
  void restore_next(std::unique_lock<std::mutex>& lock);
  void look_at_next(std::unique_lock<std::mutex>& lock);
  /// Nothing after a stop.
  std::optional<PhotoResult> attempt(const PhotoStatus& photo,
                                     const restore::RestoreOptions& options, int version,
                                     const std::stop_token& stop);
  void finish_attempt(int64_t id, PhotoState state, const std::string& message,
                      const std::optional<PhotoResult>& result);

  const std::filesystem::path folder_;
  const int max_photos_;
  const restore::RestorePhoto restore_photo_;
  const restore::FindDamage find_damage_;  ///< may be empty

  mutable std::mutex mutex_;  ///< guards all below
  std::condition_variable changed_;
  std::map<int64_t, Entry> entries_;
  std::deque<int64_t> waiting_;
  std::deque<int64_t> unseen_;  ///< their damage is to be looked for
  int64_t last_id_ = 0;
  std::stop_source stop_;  ///< of what the worker does
  bool is_ending_ = false;
  std::thread worker_;
};

}  // namespace webui
