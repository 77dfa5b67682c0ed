#pragma once

#include <functional>

#include "extract/input.h"

namespace assay::scan {

/// Passes reads on and reports how far into the input they have reached, so that what members expand to is charged to
/// their object: each byte once, however often it is read.
class BudgetedInput final : public extract::Input {
 public:
  /// `charge` is called with a number of new bytes; it may throw extract::Failure.
  BudgetedInput(extract::Input& inner, std::function<void(uint64_t)> charge)
      : inner_(inner), charge_(std::move(charge)) {}

  size_t read_at(uint64_t offset, std::span<char> out) override {
    const size_t n = inner_.read_at(offset, out);
    reach(offset + n);
    return n;
  }
  std::optional<uint64_t> known_size() const override { return inner_.known_size(); }
  uint64_t size() override {
    const uint64_t size = inner_.size();
    if (inner_.descriptor() < 0) reach(size);  // it was spooled to its end
    return size;
  }
  int descriptor() const override { return inner_.descriptor(); }
  uint64_t reached() const { return reached_; }

 private:
  void reach(uint64_t end) {
    if (end > reached_) {
      const uint64_t fresh = end - reached_;
      reached_ = end;
      charge_(fresh);
    } else {
      charge_(0);
    }
  }

  extract::Input& inner_;
  std::function<void(uint64_t)> charge_;
  uint64_t reached_ = 0;
};

}  // namespace assay::scan
