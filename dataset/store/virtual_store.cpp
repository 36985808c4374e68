#include "dataset/store/virtual_store.h"

#include <string>

#include "common/files.h"
#include "dataset/store/hdf5.h"

namespace dataset {
namespace fs = std::filesystem;
using hdf5::Handle;

namespace {

Handle space_of(const std::vector<hsize_t>& shape) {
  return Handle(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose);
}

/// Maps the shards of the split, one after the other, to the samples of `space`.
bool map_shards(const Manifest& manifest, Split split, const hdf5::ArrayType& array,
                const Handle& space, const Handle& creation) {
  std::vector<hsize_t> start(array.shape.size() + 1, 0);
  for (const ShardEntry& shard : manifest.shards) {
    if (shard.split != split || shard.samples == 0) continue;
    const std::vector<hsize_t> shape = array.shape_of(shard.samples);
    const Handle source = space_of(shape);
    if (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, shape.data(),
                            nullptr) < 0 ||
        H5Pset_virtual(creation.get(), space.get(), shard.file.c_str(), to_string(array.array),
                       source.get()) < 0) {
      return false;
    }
    start[0] += shape[0];
  }
  return true;
}

bool create_array(const Handle& group, const Manifest& manifest, Split split,
                  const hdf5::ArrayType& array) {
  const Handle space = space_of(array.shape_of(manifest.num_samples(split)));
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation.get(), false);
  if (!map_shards(manifest, split, array, space, creation)) return false;
  const char* const name = to_string(array.array) + 1;  // without the slash: inside the group
  const Handle made(H5Dcreate2(group.get(), name, array.type, space.get(), H5P_DEFAULT,
                               creation.get(), H5P_DEFAULT),
                    H5Dclose);
  return made.valid();
}

void write_hdf5(const fs::path& path, const Manifest& manifest) {
  Handle file = hdf5::create_file(path);
  for (const Split split : {Split::train, Split::valid}) {
    const Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
    H5Pset_obj_track_times(creation.get(), false);
    const Handle group(
        H5Gcreate2(file.get(), to_string(split), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
        H5Gclose);
    bool made = group.valid();
    for (const hdf5::ArrayType& array : hdf5::array_types(manifest.parameters.patch)) {
      made = made && create_array(group, manifest, split, array);
    }
    if (!made) throw common::io_error("cannot make the virtual datasets", path);
  }
  hdf5::close_written(file, path);
}

}  // namespace

fs::path virtual_store_path(const fs::path& folder) { return folder / "store.h5"; }

void write_virtual_store(const fs::path& folder, const Manifest& manifest) {
  hdf5::prepare();
  common::AtomicFile file(virtual_store_path(folder));
  write_hdf5(file.temporary(), manifest);
  file.commit();
}

}  // namespace dataset
