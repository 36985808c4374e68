#include "health/thread_stacks.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

namespace health {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxThreads = 256, kMaxFrames = 64;
constexpr int kSkippedFrames = 2;  // the handler, and the kernel's way into it
constexpr auto kPatience = std::chrono::seconds(1);

/// The answer of one thread. Only that thread writes it, and nobody reads it before `answered`.
struct Slot {
  std::atomic<pid_t> thread{0};
  std::atomic<bool> answered{false};
  int num_frames = 0;
  std::array<void*, kMaxFrames> frames{};
};

// Static: a signal handler can reach nothing else.
std::array<Slot, kMaxThreads> slots;

int stack_signal() { return SIGRTMIN + 3; }

void answer(int) {
  const int saved_errno = errno;
  const pid_t self = gettid();
  for (Slot& slot : slots) {
    if (slot.thread.load() != self || slot.answered.load()) continue;
    slot.num_frames = backtrace(slot.frames.data(), kMaxFrames);
    slot.answered.store(true);
    break;
  }
  errno = saved_errno;
}

std::string function_name(const char* symbol) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(symbol, nullptr, nullptr, &status), &std::free);
  return status == 0 ? name.get() : symbol;
}

/// Without a name, the offset is the object's: what `addr2line -e OBJECT` takes.
std::string describe(void* address) {
  Dl_info info{};
  if (dladdr(address, &info) == 0) return fmt::format("{}", address);
  const bool named = info.dli_sname != nullptr;
  const char* const base = static_cast<const char*>(named ? info.dli_saddr : info.dli_fbase);
  return fmt::format("{}+{:#x} ({})", named ? function_name(info.dli_sname) : "",
                     static_cast<const char*>(address) - base,
                     fs::path(info.dli_fname).filename().string());
}

std::vector<pid_t> other_threads() {
  std::vector<pid_t> threads;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator("/proc/self/task", code)) {
    const pid_t thread = std::atoi(entry.path().filename().c_str());
    if (thread != gettid() && threads.size() < kMaxThreads) threads.push_back(thread);
  }
  return threads;
}

std::string name_of(pid_t thread) {
  std::ifstream file(fmt::format("/proc/self/task/{}/comm", thread));
  std::string name;
  std::getline(file, name);
  return name;
}

bool all_answered(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (!slots[i].answered.load()) return false;
  }
  return true;
}

ThreadStack read_slot(const Slot& slot) {
  ThreadStack stack{name_of(slot.thread), slot.thread, {}};
  if (!slot.answered.load()) return stack;
  for (int i = kSkippedFrames; i < slot.num_frames; ++i) {
    stack.frames.push_back(describe(slot.frames[static_cast<size_t>(i)]));
  }
  return stack;
}

}  // namespace

ThreadStacks::ThreadStacks() {
  void* frame = nullptr;
  backtrace(&frame, 1);  // the first call loads libgcc, which a signal handler must not
  struct sigaction action {};
  action.sa_handler = answer;
  action.sa_flags = SA_RESTART;
  sigaction(stack_signal(), &action, &before_);
}

ThreadStacks::~ThreadStacks() { sigaction(stack_signal(), &before_, nullptr); }

std::vector<ThreadStack> ThreadStacks::take() const {
  const std::vector<pid_t> threads = other_threads();
  for (size_t i = 0; i < threads.size(); ++i) {
    slots[i].answered.store(false);
    slots[i].thread.store(threads[i]);
    tgkill(getpid(), threads[i], stack_signal());
  }
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  while (!all_answered(threads.size()) && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::vector<ThreadStack> stacks;
  for (size_t i = 0; i < threads.size(); ++i) stacks.push_back(read_slot(slots[i]));
  return stacks;
}

}  // namespace health
