#pragma once

#include <string>
#include <vector>

namespace launcher {

/// A machine that workers may run on.
struct Host {
  std::string name;
  int slots = 1;  ///< workers that it takes
  bool operator==(const Host&) const = default;
};

/// "a:4,b:4" as people give it to --hosts; a name without a number takes `default_slots`.
/// Throws Error(usage) for anything else.
std::vector<Host> parse_hosts(const std::string& text, int default_slots);

/// "a:4,b:4", as mpirun's --host takes it.
std::string hosts_text(const std::vector<Host>& hosts);

int num_slots(const std::vector<Host>& hosts);

/// Those of `hosts` on which a command can be run within `timeout_s`, in the same order; all are
/// asked at once. This machine counts as reachable. Asks in mpirun's way: with ssh, or with the
/// program that OMPI_MCA_plm_rsh_agent names.
std::vector<Host> reachable_hosts(const std::vector<Host>& hosts, double timeout_s = 10);

}  // namespace launcher
