// copy_metadata FROM TO: the function on its own, for the tests that ask exiftool.
#include <cstdio>

#include "common/error.h"
#include "imaging/metadata/copy_metadata.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: copy_metadata FROM TO\n", stderr);
    return common::kExitUsage;
  }
  try {
    imaging::ExifTool exiftool;
    for (const std::string& note :
         imaging::copy_metadata(exiftool, imaging::ImageFile(argv[1]), argv[2])) {
      std::puts(note.c_str());
    }
    return common::kExitDone;
  } catch (const common::Error& error) {
    std::fprintf(stderr, "copy_metadata: %s\n", error.what());
    return common::exit_code(error.kind());
  }
}
