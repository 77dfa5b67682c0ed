#include "scan/examine/safe_profile.h"

#include <algorithm>
#include <cmath>

#include "core/printable.h"

namespace assay::scan {
namespace {

constexpr size_t max_name_bytes = 512, max_comment_bytes = 1024, max_text_bytes = 200;
constexpr double day_s = 86'400;

// No value of many digits can be read from three of them.
double rounded(double number) {
  if (number == 0 || !std::isfinite(number)) return 0;
  const double scale = std::pow(10, 2 - std::floor(std::log10(std::abs(number))));
  const double round = std::round(number * scale) / scale;
  return std::isfinite(round) ? round : 0;
}

double to_the_day(double seconds) { return std::floor(seconds / day_s) * day_s; }

std::string all_hidden(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_sign =
        byte > ' ' && byte < 0x7F && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z');
    if ((byte & 0xC0) != 0x80) out += is_sign ? c : byte <= ' ' || byte == 0x7F ? ' ' : '*';
  }
  return out;
}

void forget_magnitudes(model::ColumnProfile& p) {
  p.minimum = p.maximum = p.mean = p.deviation = std::nullopt;
  p.quantiles.clear();
  p.newest_s.reset();
}

void round_magnitudes(model::ColumnProfile& p) {
  const bool is_time = p.type == "date" || p.type == "timestamp";
  const auto round = [is_time](double number) { return is_time ? to_the_day(number) : rounded(number); };
  for (auto* number : {&p.minimum, &p.maximum, &p.mean})
    if (*number) *number = round(**number);
  if (p.deviation) *p.deviation = rounded(*p.deviation);
  for (double& q : p.quantiles) q = round(q);
}

}  // namespace

model::ColumnProfile safe_profile(profile::ColumnStatistics&& statistics, const ColumnKnowledge& knowledge) {
  model::ColumnProfile p = std::move(statistics.profile);
  p.name = core::printable(p.name, max_name_bytes);
  p.native_type = core::printable(p.native_type, max_name_bytes);
  p.comment = core::printable(p.comment, max_comment_bytes);
  p.entity = knowledge.entity;
  p.confidence = knowledge.confidence;
  p.valid = knowledge.valid;
  const bool is_safe = !knowledge.may_be_sensitive && statistics.is_categorical;
  if (knowledge.may_be_sensitive) forget_magnitudes(p);
  else if (!is_safe) round_magnitudes(p);
  for (auto& top : p.top_values) {
    if (!is_safe) top.text = all_hidden(top.text);
    top.text = core::printable(top.text, max_text_bytes);
  }
  for (auto& shape : p.patterns) shape.text = core::printable(shape.text, max_text_bytes);
  return p;
}

}  // namespace assay::scan
