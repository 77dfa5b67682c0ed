#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "connect/connector.h"

namespace assay::connect {

/// What an enumeration of one root found, up to so many objects.
class TrialCounter final : public ObjectVisitor {
 public:
  /// What cannot be read is told to `trial`.
  TrialCounter(const Connector& connector, size_t root, uint64_t most, Trial& trial)
      : connector_(connector), root_(root), most_(most), trial_(trial) {}

  void on_object(ObjectEntry&& entry) override;
  void on_unread(std::string name, uint64_t size, model::Verdict verdict) override;
  bool stop_requested() override { return objects + unreadable + left_out >= most_; }
  /// ", 2 left out, 1 cannot be read, and there is more", as far as there is something to say.
  std::string rest_in_words();

  uint64_t objects = 0, unreadable = 0, left_out = 0;
  uint64_t bytes = 0;  ///< of the objects

 private:
  const Connector& connector_;
  size_t root_;
  uint64_t most_;
  Trial& trial_;
};

/// Something of a root that cannot be read. The first few are kept.
void add_problem(Trial& trial, std::string_view where, std::string_view why);

/// Tries the roots one after another: `try_out` says in words what it found of one, for the summary. A core::Error that
/// it throws is a problem of that root, unless it is a bug or bad input.
Trial try_roots(const Connector& connector, const std::function<std::string(size_t root, Trial& trial)>& try_out);

/// The same by enumerating: `words` says what was counted, to which is added what was not.
Trial try_by_enumerating(Connector& connector, uint64_t most_objects,
                         const std::function<std::string(size_t root, const TrialCounter& counter)>& words);

}  // namespace assay::connect
