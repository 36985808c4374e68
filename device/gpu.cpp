#include "device/gpu.h"

#include <dlfcn.h>

#include <filesystem>

#include "common/error.h"
#include "common/installation.h"

namespace device {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "librestore_gpu.so";

/// Programs are built into bin/, the module into lib/ (installed: lib/restore/); carried to another
/// machine they may lie together.
fs::path module_file() {
  const fs::path programs = common::program_folder();
  const fs::path libraries = programs.parent_path() / "lib";
  for (const fs::path& folder : {programs, libraries, libraries / "restore"}) {
    if (fs::exists(folder / kFile)) return folder / kFile;
  }
  throw common::config_error(std::string("a GPU was asked for, but there is no ") + kFile +
                             " beside " + programs.string() +
                             "; run scripts/setup --gpu and scripts/build, or use run.device=cpu");
}

}  // namespace

GpuModule::GpuModule() {
  const fs::path file = module_file();
  // Global: LibTorch's CUDA part registers its operators with the LibTorch that is there already.
  handle_ = dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (handle_ != nullptr) return;
  throw common::config_error("cannot open " + file.string() + ": " + dlerror() +
                             "; scripts/setup --gpu installs CUDA's libraries");
}

Gpu& GpuModule::gpu() const { return *function<Gpu*()>("restore_gpu")(); }

void* GpuModule::symbol(const char* name) const {
  if (void* address = dlsym(handle_, name)) return address;
  throw common::config_error(std::string(kFile) + " lacks '" + name +
                             "': it is of another version than this program; run scripts/build");
}

}  // namespace device
