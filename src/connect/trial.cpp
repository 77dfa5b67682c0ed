#include "connect/trial.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/printable.h"

namespace assay::connect {
namespace {

constexpr size_t most_problems = 5;
constexpr size_t most_shown = 4096;

}  // namespace

void TrialCounter::on_object(ObjectEntry&& entry) {
  ++objects;
  bytes += entry.size;
}

void TrialCounter::on_unread(std::string name, uint64_t, model::Verdict verdict) {
  if (model::is_complete(verdict.kind)) {
    ++left_out;
    return;
  }
  ++unreadable;
  add_problem(trial_, connector_.path_of(root_, name), verdict.reason);
}

std::string TrialCounter::rest_in_words() {
  std::string words;
  if (left_out != 0) words += fmt::format(", {} left out", left_out);
  if (unreadable != 0) words += fmt::format(", {} cannot be read", unreadable);
  if (stop_requested()) words += ", and there is more";
  return words;
}

void add_problem(Trial& trial, std::string_view where, std::string_view why) {
  if (trial.problems.size() < most_problems)
    trial.problems.push_back(fmt::format("{}: {}", core::printable(where, most_shown), why));
}

Trial try_roots(const Connector& connector, const std::function<std::string(size_t, Trial&)>& try_out) {
  Trial trial;
  for (size_t root = 0; root < connector.roots().size(); ++root) {
    const std::string& place = connector.roots()[root];
    try {
      const std::string words = try_out(root, trial);
      trial.summary +=
          fmt::format("{}{}: {}", trial.summary.empty() ? "" : "; ", core::printable(place, most_shown), words);
    } catch (const core::Error& error) {
      if (error.kind() == core::ErrorKind::bug || error.kind() == core::ErrorKind::bad_input) throw;
      trial.ok = false;
      add_problem(trial, place, error.what());
    }
  }
  return trial;
}

Trial try_by_enumerating(Connector& connector, uint64_t most_objects,
                         const std::function<std::string(size_t, const TrialCounter&)>& words) {
  return try_roots(connector, [&](size_t root, Trial& trial) {
    TrialCounter counter(connector, root, most_objects, trial);
    connector.enumerate(root, {}, counter);
    if (counter.objects == 0 && counter.unreadable != 0 && !counter.stop_requested()) trial.ok = false;
    return words(root, counter) + counter.rest_in_words();
  });
}

}  // namespace assay::connect
