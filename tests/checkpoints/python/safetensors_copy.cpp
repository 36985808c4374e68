// safetensors_copy FROM TO: reads with our reader, writes with our writer.
#include "checkpoints/safetensors.h"

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  checkpoints::write_safetensors(argv[2], checkpoints::read_safetensors(argv[1]));
}
