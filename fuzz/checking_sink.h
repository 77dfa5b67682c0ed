#pragma once

#include <chrono>
#include <string>

#include "extract/extractor.h"

namespace assay::fuzz {

/// Throws away what it is given, after it has checked that the extractor kept its side of the contract
/// (extract/extractor.h): calls in their order, UTF-8 that is valid, cells of bounded size. Ends an input that makes
/// too much text or takes too long with a Failure, as the budgets of a scan do; an extractor that no longer calls its
/// sink meets libFuzzer's own timeout.
class CheckingSink final : public extract::Sink {
 public:
  static constexpr uint64_t max_bytes = uint64_t{8} << 20;  ///< of text, cells and members together
  static constexpr std::chrono::milliseconds max_time{1500};

  void begin_text(const extract::Part& part) override;
  void left_out(std::span<const extract::LeftOut> places) override;
  void text(std::string_view utf8) override;
  void end_text() override;
  void begin_table(const extract::TableInfo& table) override;
  void row(uint64_t row_number, std::span<const std::string_view> cells) override;
  void add_column(const extract::InnerColumn& column) override;
  void inner_values(uint64_t row_number, std::span<const extract::InnerValue> values) override;
  void end_table() override;
  void member(std::string_view name, extract::Input& content) override;
  void unread_member(std::string_view name, model::Verdict verdict) override;
  void partial(std::string_view reason) override;
  void tick() override { charge(0); }

  /// An extractor that returns leaves nothing open.
  void require_closed() const;

 private:
  enum class State : uint8_t { idle, in_text, in_table };

  void charge(uint64_t bytes);
  void expect(State state, const char* property) const;
  void check_utf8(std::string_view piece);

  State state_ = State::idle;
  size_t columns_ = 0, inner_columns_ = 0;  ///< of the open table
  size_t least_text_bytes_ = 0;             ///< of the text that comes next
  std::string cut_;                         ///< the sequence that the last piece of text ended in
  uint64_t bytes_ = 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace assay::fuzz
