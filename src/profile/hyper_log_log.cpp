#include "profile/hyper_log_log.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/error.h"

namespace assay::profile {
namespace {

// sigma and tau of Ertl 2017, section 2.4: what registers that are empty or full stand for.
double sigma(double x) {
  if (x == 1.0) return std::numeric_limits<double>::infinity();
  double weight = 1, sum = x, before;
  do {
    x *= x;
    before = sum;
    sum += x * weight;
    weight += weight;
  } while (sum != before);
  return sum;
}

double tau(double x) {
  if (x == 0.0 || x == 1.0) return 0;
  double weight = 1, sum = 1 - x, before;
  do {
    x = std::sqrt(x);
    before = sum;
    weight *= 0.5;
    sum -= (1 - x) * (1 - x) * weight;
  } while (sum != before);
  return sum / 3;
}

}  // namespace

HyperLogLog::HyperLogLog(uint32_t precision) : precision_(precision) {
  if (precision < 4 || precision > 16) throw core::Error(core::ErrorKind::bug, "a HyperLogLog of no such precision");
}

void HyperLogLog::add(uint64_t hash) {
  if (!registers_.empty()) return add_to_registers(hash);
  if (!add_to_few(hash)) {
    give_up_exactness();
    add_to_registers(hash);
  }
}

// False when there is no more place for it.
bool HyperLogLog::add_to_few(uint64_t hash) {
  if (hash == 0) return has_zero_ = true;
  const size_t most = (size_t{1} << precision_) / sizeof(uint64_t);  // as many bytes as the registers
  if (few_.empty()) few_.resize(std::min<size_t>(most, 16));
  for (;;) {
    const size_t mask = few_.size() - 1;
    size_t at = hash & mask;
    while (few_[at] != 0 && few_[at] != hash) at = (at + 1) & mask;
    if (few_[at] == hash) return true;
    if (count_ + 1 <= few_.size() / 4 * 3 || few_.size() <= 2) {
      if (count_ + 1 >= few_.size()) return false;
      few_[at] = hash;
      ++count_;
      return true;
    }
    if (few_.size() >= most) return false;
    std::vector<uint64_t> old(few_.size() * 2);
    old.swap(few_);
    for (const uint64_t one : old) {
      if (one == 0) continue;
      size_t place = one & (few_.size() - 1);
      while (few_[place] != 0) place = (place + 1) & (few_.size() - 1);
      few_[place] = one;
    }
  }
}

void HyperLogLog::give_up_exactness() {
  registers_.resize(size_t{1} << precision_);
  for (const uint64_t one : few_)
    if (one != 0) add_to_registers(one);
  if (has_zero_) add_to_registers(0);
  std::vector<uint64_t>().swap(few_);
}

void HyperLogLog::add_to_registers(uint64_t hash) {
  const size_t at = hash >> (64 - precision_);
  const uint64_t rest = hash << precision_;
  const auto rank =
      static_cast<uint8_t>(rest == 0 ? 65 - precision_ : static_cast<uint32_t>(std::countl_zero(rest)) + 1);
  registers_[at] = std::max(registers_[at], rank);
}

double HyperLogLog::estimate() const {
  if (is_exact()) return count_ + (has_zero_ ? 1.0 : 0.0);
  const uint32_t ranks = 64 - precision_;
  std::vector<uint32_t> histogram(ranks + 2);
  for (const uint8_t one : registers_) ++histogram[one];
  const auto m = static_cast<double>(registers_.size());
  double z = m * tau(1 - histogram[ranks + 1] / m);
  for (uint32_t k = ranks; k >= 1; --k) z = 0.5 * (z + histogram[k]);
  z += m * sigma(histogram[0] / m);
  return m * m / (2 * std::log(2.0) * z);
}

void HyperLogLog::save(core::WireWriter& out) const {
  out.u32(precision_);
  out.flag(is_exact());
  if (!is_exact()) return out.text({reinterpret_cast<const char*>(registers_.data()), registers_.size()});
  out.flag(has_zero_);
  out.u32(count_);
  for (const uint64_t one : few_)
    if (one != 0) out.u64(one);
}

void HyperLogLog::absorb(core::WireReader& saved) {
  if (saved.u32() != precision_) core::refuse_saved();
  if (saved.flag()) {
    if (saved.flag()) add(0);
    for (uint32_t n = saved.u32(); n > 0; --n) add(saved.u64());
    return;
  }
  const std::string_view registers = saved.text();
  if (registers.size() != size_t{1} << precision_) core::refuse_saved();
  if (is_exact()) give_up_exactness();
  const auto highest = static_cast<uint8_t>(65 - precision_);
  for (size_t i = 0; i < registers.size(); ++i)
    registers_[i] = std::max(registers_[i], std::min(static_cast<uint8_t>(registers[i]), highest));
}

}  // namespace assay::profile
