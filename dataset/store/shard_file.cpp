#include "dataset/store/shard_file.h"

#include <vector>

#include "common/hash.h"
#include "dataset/store/hdf5.h"

namespace dataset {
namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;
using hdf5::Handle;

namespace {

constexpr const char* kAbout = "about";
constexpr int64_t kLargestPatch = 1 << 14;

void create_array(const Handle& file, const hdf5::ArrayType& array, int64_t samples) {
  const std::vector<hsize_t> shape = array.shape_of(samples);
  const Handle space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
                     H5Sclose);
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_layout(creation.get(), H5D_CONTIGUOUS);
  H5Pset_alloc_time(creation.get(), H5D_ALLOC_TIME_EARLY);
  H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER);
  H5Pset_obj_track_times(creation.get(), false);
  const Handle made(H5Dcreate2(file.get(), to_string(array.array), array.type, space.get(),
                               H5P_DEFAULT, creation.get(), H5P_DEFAULT),
                    H5Dclose);
  if (!made.valid()) throw Error(ErrorKind::io, "cannot make the arrays of a shard");
}

[[noreturn]] void refuse(const fs::path& path, ShardArray array, const std::string& why) {
  throw common::corrupt_error(path.string() + ": " + to_string(array) + " " + why);
}

/// Opened only if it is stored in this very file: no links to others, no external storage.
Handle open_array(const Handle& file, ShardArray array, const fs::path& path) {
  H5L_info_t link{};
  if (H5Lget_info(file.get(), to_string(array), &link, H5P_DEFAULT) < 0 ||
      link.type != H5L_TYPE_HARD) {
    refuse(path, array, "is missing");
  }
  Handle dataset(H5Dopen2(file.get(), to_string(array), H5P_DEFAULT), H5Dclose);
  if (!dataset.valid()) refuse(path, array, "cannot be opened");
  const Handle creation(H5Dget_create_plist(dataset.get()), H5Pclose);
  if (H5Pget_layout(creation.get()) != H5D_CONTIGUOUS ||
      H5Pget_external_count(creation.get()) != 0) {
    refuse(path, array, "is not stored in one piece");
  }
  return dataset;
}

std::vector<hsize_t> shape_of(const Handle& dataset) {
  const Handle space(H5Dget_space(dataset.get()), H5Sclose);
  const int rank = H5Sget_simple_extent_ndims(space.get());
  std::vector<hsize_t> shape(rank > 0 ? static_cast<size_t>(rank) : 0);
  H5Sget_simple_extent_dims(space.get(), shape.data(), nullptr);
  return shape;
}

ArrayPlace find_array(const Handle& file, const hdf5::ArrayType& array, const ShardLayout& layout,
                      const fs::path& path) {
  const Handle dataset = open_array(file, array.array, path);
  const Handle type(H5Dget_type(dataset.get()), H5Tclose);
  if (H5Tequal(type.get(), array.type) <= 0 ||
      shape_of(dataset) != array.shape_of(layout.samples)) {
    refuse(path, array.array, "has another type or shape than /clean asks for");
  }
  if (layout.samples == 0) return {0, array.sample_bytes()};
  const haddr_t offset = H5Dget_offset(dataset.get());
  const size_t bytes = array.sample_bytes() * static_cast<size_t>(layout.samples);
  const auto file_bytes = static_cast<size_t>(fs::file_size(path));
  if (offset == HADDR_UNDEF || offset > file_bytes || bytes > file_bytes - offset) {
    refuse(path, array.array, "reaches behind the end of the file: it is truncated");
  }
  return {static_cast<size_t>(offset), array.sample_bytes()};
}

}  // namespace

const char* to_string(ShardArray array) {
  switch (array) {
    case ShardArray::clean: return "/clean";
    case ShardArray::aged: return "/aged";
    case ShardArray::damage: return "/damage";
    case ShardArray::origin: return "/origin";
    case ShardArray::xxh3: return "/xxh3";
  }
  return "?";
}

SampleChecksums checksums_of(const Sample& sample, int64_t patch) {
  const auto plane = static_cast<size_t>(patch * patch);
  return {common::xxh3(sample.clean, 3 * plane), common::xxh3(sample.aged, plane),
          common::xxh3(sample.damage, plane), common::xxh3(&sample.origin, sizeof(Origin))};
}

void create_shard_file(const fs::path& path, int64_t samples, int64_t patch,
                       const std::string& about) {
  hdf5::prepare();
  Handle file = hdf5::create_file(path);
  for (const hdf5::ArrayType& array : hdf5::array_types(patch)) create_array(file, array, samples);
  hdf5::write_text_attribute(file, kAbout, about);
  hdf5::close_written(file, path);
}

ShardLayout read_shard_file(const fs::path& path) {
  hdf5::prepare();
  const Handle file = hdf5::open_file(path);
  const std::vector<hsize_t> clean = shape_of(open_array(file, ShardArray::clean, path));
  if (clean.size() != 4 || clean[2] > kLargestPatch || clean[0] > hsize_t{1} << 32) {
    refuse(path, ShardArray::clean, "does not have the shape [n,3,P,P]");
  }
  ShardLayout layout;
  layout.samples = static_cast<int64_t>(clean[0]);
  layout.patch = static_cast<int64_t>(clean[2]);
  layout.about = hdf5::read_text_attribute(file, kAbout, path);
  for (const hdf5::ArrayType& array : hdf5::array_types(layout.patch)) {
    layout.arrays[static_cast<size_t>(array.array)] = find_array(file, array, layout, path);
  }
  return layout;
}

}  // namespace dataset
