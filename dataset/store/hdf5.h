#pragma once

#include <hdf5.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "common/error.h"
#include "dataset/store/shard_file.h"

namespace dataset::hdf5 {

/// An HDF5 identifier, closed at the end of its life by the function of its kind.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle(hid_t id, Close closed_by) : id_(id), close_(closed_by) {}
  Handle(Handle&& other) noexcept
      : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  hid_t get() const { return id_; }
  bool valid() const { return id_ >= 0; }

  /// Closes now; false if HDF5 could not write what was left.
  bool close();

 private:
  hid_t id_;
  Close close_;
};

/// Call it before anything else on a thread: HDF5 must neither print its own errors nor load
/// plugins that a file asks for.
void prepare();

/// Creates the file, metadata in the newest format of HDF5 1.10: it is checksummed.
Handle create_file(const std::filesystem::path& path);

/// Writes what HDF5 still holds of a file that it made, and closes it. Throws Error(io).
void close_written(Handle& file, const std::filesystem::path& path);

/// Opens the file for reading. Throws Error(io) if it cannot be opened, Error(corrupt) if it is not
/// HDF5.
Handle open_file(const std::filesystem::path& path);

void write_text_attribute(const Handle& file, const char* name, const std::string& text);

/// Throws Error(corrupt), with `path` in the message.
std::string read_text_attribute(const Handle& file, const char* name,
                                const std::filesystem::path& path);

/// How an array of a shard is declared to HDF5.
struct ArrayType {
  ShardArray array;
  hid_t type;
  std::vector<hsize_t> shape;  ///< of one sample

  size_t sample_bytes() const;

  /// The whole array: `samples`, then the shape of one.
  std::vector<hsize_t> shape_of(int64_t samples) const;
};

/// The arrays of shards with patches of P x P pixels, in the order in which they lie in the file.
std::vector<ArrayType> array_types(int64_t patch);

}  // namespace dataset::hdf5
