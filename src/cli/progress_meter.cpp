#include "cli/progress_meter.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/human.h"
#include "cli/job_facts.h"

namespace assay::cli {
namespace {

constexpr int64_t window_ms = 30'000;
constexpr size_t most_samples = 600;

}  // namespace

uint64_t objects_over(const model::ProgressDelta& work) noexcept {
  return work.objects_done + work.objects_skipped + work.objects_failed;
}
uint64_t bytes_over(const model::ProgressDelta& work) noexcept {
  return work.bytes_done + work.bytes_skipped + work.bytes_failed;
}

void ProgressMeter::add(int64_t now_ms, const model::ProgressDelta& work) {
  const uint64_t objects = objects_over(work), bytes = bytes_over(work);
  objects_left_ = work.objects_discovered - std::min(objects, work.objects_discovered);
  bytes_left_ = work.bytes_discovered - std::min(bytes, work.bytes_discovered);
  if (!samples_.empty() && (now_ms < samples_.back().at_ms || objects < samples_.back().objects)) samples_.clear();
  samples_.push_back({now_ms, objects, bytes});
  while (samples_.size() > most_samples || (samples_.size() > 2 && now_ms - samples_[1].at_ms >= window_ms))
    samples_.pop_front();
}

double ProgressMeter::objects_per_s() const {
  if (samples_.size() < 2 || samples_.back().at_ms == samples_.front().at_ms) return 0;
  return static_cast<double>(samples_.back().objects - samples_.front().objects) * 1000.0 /
         static_cast<double>(samples_.back().at_ms - samples_.front().at_ms);
}

double ProgressMeter::bytes_per_s() const {
  if (samples_.size() < 2 || samples_.back().at_ms == samples_.front().at_ms) return 0;
  const uint64_t from = std::min(samples_.front().bytes, samples_.back().bytes);
  return static_cast<double>(samples_.back().bytes - from) * 1000.0 /
         static_cast<double>(samples_.back().at_ms - samples_.front().at_ms);
}

std::optional<double> ProgressMeter::remaining_s() const {
  if (objects_left_ == 0 && bytes_left_ == 0) return samples_.empty() ? std::nullopt : std::optional(0.0);
  const double objects = objects_per_s(), bytes = bytes_per_s();
  if ((objects_left_ != 0 && objects <= 0) || (bytes_left_ != 0 && bytes <= 0 && objects <= 0)) return std::nullopt;
  // Many small objects and few large ones take their time in different ways: the slower of the two tells.
  const double by_objects = objects_left_ == 0 ? 0 : static_cast<double>(objects_left_) / objects;
  const double by_bytes = bytes_left_ == 0 || bytes <= 0 ? 0 : static_cast<double>(bytes_left_) / bytes;
  return std::max(by_objects, by_bytes);
}

std::string progress_line(const store::JobRow& job, const store::ProgressRow& sum, const ProgressMeter& meter) {
  const auto& work = sum.work;
  std::string line =
      fmt::format("job {} {}  {} of {} objects  {} of {}  {} findings", job.id, model::to_string(job.status),
                  human_count(objects_over(work)), human_count(work.objects_discovered), human_bytes(bytes_over(work)),
                  human_bytes(work.bytes_discovered), human_count(work.findings));
  if (work.objects_skipped != 0) line += fmt::format("  {} unchanged", human_count(work.objects_skipped));
  if (work.objects_failed != 0) line += fmt::format("  {} not read in full", human_count(work.objects_failed));
  if (sum.dead != 0) line += fmt::format("  {} tasks dead", human_count(sum.dead));
  if (is_over(job.status)) return line;
  if (meter.bytes_per_s() >= 1) line += fmt::format("  {}/s", human_bytes(static_cast<uint64_t>(meter.bytes_per_s())));
  if (const auto left = meter.remaining_s(); left && objects_over(work) != 0) line += "  ETA " + human_duration(*left);
  return line;
}

}  // namespace assay::cli
