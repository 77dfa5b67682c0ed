#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "extract/extractor.h"

namespace assay::extract {

/// Values of a table that wait in scratch until its rows have been given. Nothing else may use the scratch meanwhile.
class LargeValues {
 public:
  static constexpr size_t most_values = 100'000;

  explicit LargeValues(Scratch& scratch) : scratch_(scratch), base_(scratch.top()) {}
  ~LargeValues() { scratch_.truncate_to(base_); }
  LargeValues(const LargeValues&) = delete;
  LargeValues& operator=(const LargeValues&) = delete;

  /// Begins a value; false when there is no place for it, which give() then says.
  bool begin(std::string name, bool is_binary);
  void append(std::string_view bytes);

  /// Gives binary values as members, texts as texts.
  void give(Sink& sink);

 private:
  struct Value {
    std::string name;
    bool is_binary = false;
    uint64_t begin = 0, size = 0;
  };
  void give_text(const Value& value, Sink& sink) const;

  Scratch& scratch_;
  const uint64_t base_;
  std::vector<Value> values_;
  uint64_t left_out_ = 0;
  bool is_full_ = false;
};

}  // namespace assay::extract
