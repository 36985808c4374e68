#include "launcher/host_list.h"

#include <fcntl.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <sstream>

#include "common/error.h"
#include "common/files.h"
#include "health/process.h"
#include "launcher/child_process.h"

namespace launcher {
namespace {

using Clock = std::chrono::steady_clock;

Host parse_host(const std::string& word, int default_slots) {
  const size_t colon = word.find(':');
  Host host{word.substr(0, colon), default_slots};
  bool valid = !host.name.empty() && host.name.front() != '-';
  if (colon != std::string::npos) {
    const char* const end = word.data() + word.size();
    const auto [rest, error] = std::from_chars(word.data() + colon + 1, end, host.slots);
    valid = valid && error == std::errc() && rest == end && host.slots >= 1;
  }
  if (!valid) {
    throw common::usage_error("--hosts: '" + word +
                              "' is not a host; expected NAME or NAME:WORKERS, several "
                              "joined by commas, such as a:4,b:4");
  }
  return host;
}

bool is_this_machine(const std::string& name) {
  const std::string full = health::host_name();
  return name == "localhost" || name == full || name == full.substr(0, full.find('.'));
}

std::vector<std::string> remote_shell() {
  const char* agent = std::getenv("OMPI_MCA_plm_rsh_agent");
  std::istringstream words(agent == nullptr ? "ssh -o BatchMode=yes" : agent);
  std::vector<std::string> command;
  for (std::string word; words >> word;) command.push_back(word);
  return command;
}

}  // namespace

std::vector<Host> parse_hosts(const std::string& text, int default_slots) {
  std::vector<Host> hosts;
  std::istringstream words(text + ",");
  for (std::string word; std::getline(words, word, ',');)
    hosts.push_back(parse_host(word, default_slots));
  return hosts;
}

std::string hosts_text(const std::vector<Host>& hosts) {
  std::string text;
  for (const Host& host : hosts)
    text += (text.empty() ? "" : ",") + host.name + ":" + std::to_string(host.slots);
  return text;
}

int num_slots(const std::vector<Host>& hosts) {
  int slots = 0;
  for (const Host& host : hosts) slots += host.slots;
  return slots;
}

std::vector<Host> reachable_hosts(const std::vector<Host>& hosts, double timeout_s) {
  const common::FileDescriptor null = common::open_file("/dev/null", O_WRONLY);
  std::vector<pid_t> asked;
  for (const Host& host : hosts) {
    std::vector<std::string> command = remote_shell();
    command.insert(command.end(), {host.name, "true"});
    asked.push_back(is_this_machine(host.name)
                        ? -1
                        : start_child(command, {.output = null.get(), .errors = null.get()}));
  }
  const auto start = Clock::now();
  std::vector<Host> reachable;
  for (size_t i = 0; i < hosts.size(); ++i) {
    const double spent_s = std::chrono::duration<double>(Clock::now() - start).count();
    if (asked[i] < 0 || wait_for_exit(asked[i], std::max(0.1, timeout_s - spent_s)) == 0)
      reachable.push_back(hosts[i]);
  }
  return reachable;
}

}  // namespace launcher
