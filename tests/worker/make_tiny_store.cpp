// make_tiny_store DIR: the store of these tests, for tests of whole programs.
#include "tests/worker/tiny_store.h"

int main(int argc, char** argv) {
  if (argc != 2) return 64;
  write_tiny_store(argv[1]);
  return 0;
}
