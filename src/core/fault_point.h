#pragma once

#include <string>
#include <string_view>

#include "core/error.h"

/// Named places where tests make a process die, stop or lose an answer (docs/operations.md lists them).
namespace assay::core {

/// What a fault point throws: transient, as a lost connection would be.
class InjectedFault : public Error {
 public:
  explicit InjectedFault(const std::string& name) : Error(ErrorKind::transient, "fault point " + name) {}
};

#ifdef ASSAY_FAULT_POINTS
/// Does what the environment variable ASSAY_FAULT_POINTS says of the place "<operation>.<moment>", and nothing when it
/// says nothing: "name=kill|throw|stop|hold[:count]", more than one separated by commas. kill: SIGKILL; stop: SIGSTOP
/// until someone continues the process; throw: InjectedFault; hold: the thread makes a file of the place's name in the
/// folder ASSAY_FAULT_HOLD ("." when it is not set; `/` becomes `_`) and waits until someone removes it. `count`: only
/// when the place is reached for the count-th time. The variable is read once. A malformed one ends the program with a
/// message, since a test would otherwise test nothing.
void fault_point(std::string_view operation, std::string_view moment);
/// Replaces what the environment said; "" for nothing. For tests within one process.
void set_fault_points(std::string_view specification);
#else
inline void fault_point(std::string_view, std::string_view) {}
#endif

}  // namespace assay::core
