#include "dataset/store/hdf5.h"

#include <fcntl.h>

#include <cerrno>

#include "common/files.h"

namespace dataset::hdf5 {
namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;

bool Handle::close() { return close_(std::exchange(id_, H5I_INVALID_HID)) >= 0; }

void prepare() {
  // At exit HDF5 would flush again what did not fit on a full disk, and crash. Handle closes
  // everything. The call counts only before the first use of HDF5 in the process.
  H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  H5PLset_loading_state(0);
}

namespace {

Handle access_list() {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110);
  H5Pset_alignment(access.get(), 4096, 4096);  // large arrays begin on a page
  return access;
}

}  // namespace

Handle create_file(const fs::path& path) {
  const Handle access = access_list();
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation.get(), false);  // two runs make the same file
  errno = 0;
  Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), H5Fclose);
  if (!file.valid()) throw common::io_error("cannot make", path);
  return file;
}

void close_written(Handle& file, const fs::path& path) {
  errno = 0;
  const bool flushed = H5Fflush(file.get(), H5F_SCOPE_GLOBAL) >= 0;  // H5Fclose hides a full disk
  const Error failure = common::io_error("cannot write", path);
  if (!file.close() || !flushed) throw failure;
}

Handle open_file(const fs::path& path) {
  common::open_file(path, O_RDONLY);  // HDF5 does not say what is wrong with a missing file
  const Handle access = access_list();
  Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose);
  if (!file.valid()) {
    throw common::corrupt_error(path.string() +
                                " is not a whole HDF5 file: it is truncated or damaged; delete it "
                                "and run the restore-shard command of its store again");
  }
  return file;
}

namespace {

/// Of a fixed length: HDF5 checksums such text, and would not a text of variable length.
Handle text_type(size_t num_bytes) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), num_bytes);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  return type;
}

}  // namespace

void write_text_attribute(const Handle& file, const char* name, const std::string& text) {
  const Handle type = text_type(text.size());
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle attribute(
      H5Acreate2(file.get(), name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  if (!attribute.valid() || H5Awrite(attribute.get(), type.get(), text.data()) < 0) {
    throw Error(ErrorKind::io, std::string("cannot write the attribute ") + name + " of a shard");
  }
}

std::string read_text_attribute(const Handle& file, const char* name, const fs::path& path) {
  const auto refuse = [&] {
    throw common::corrupt_error(path.string() + " is no shard: it has no text attribute '" + name +
                                "'");
  };
  const Handle attribute(H5Aopen(file.get(), name, H5P_DEFAULT), H5Aclose);
  if (!attribute.valid()) refuse();
  const Handle stored(H5Aget_type(attribute.get()), H5Tclose);
  const Handle space(H5Aget_space(attribute.get()), H5Sclose);
  const size_t num_bytes = H5Tget_size(stored.get());
  if (H5Tget_class(stored.get()) != H5T_STRING || H5Tis_variable_str(stored.get()) != 0 ||
      H5Sget_simple_extent_npoints(space.get()) != 1 || num_bytes > fs::file_size(path)) {
    refuse();
  }
  std::string text(num_bytes, '\0');
  if (H5Aread(attribute.get(), text_type(num_bytes).get(), text.data()) < 0) refuse();
  return text;
}

size_t ArrayType::sample_bytes() const {
  size_t bytes = H5Tget_size(type);
  for (const hsize_t length : shape) bytes *= length;
  return bytes;
}

std::vector<hsize_t> ArrayType::shape_of(int64_t samples) const {
  std::vector<hsize_t> whole{static_cast<hsize_t>(samples)};
  whole.insert(whole.end(), shape.begin(), shape.end());
  return whole;
}

std::vector<ArrayType> array_types(int64_t patch) {
  const auto side = static_cast<hsize_t>(patch);
  return {{ShardArray::clean, H5T_STD_U8LE, {3, side, side}},
          {ShardArray::aged, H5T_STD_U8LE, {1, side, side}},
          {ShardArray::damage, H5T_STD_U8LE, {1, side, side}},
          {ShardArray::origin, H5T_STD_I32LE, {4}},
          {ShardArray::xxh3, H5T_STD_U64LE, {4}}};
}

}  // namespace dataset::hdf5
