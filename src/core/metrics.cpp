#include "core/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/error.h"

namespace assay::core {
namespace {

/// Backslash, quote and newline are escaped in label values, and nothing else (text exposition format 0.0.4).
void append_label_value(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') out += "\\n";
    else out += c;
  }
}

std::string label_text(Metrics::Labels labels, bool overflowed) {
  std::string out;
  for (const auto& [name, value] : labels) {
    if (!out.empty()) out += ',';
    out.append(name).append("=\"");
    append_label_value(out, overflowed ? std::string_view("other") : value);
    out += '"';
  }
  return out;
}

void append_sample(std::string& out, std::string_view name, std::string_view labels, const std::string& value) {
  out += name;
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out.append(" ").append(value).append("\n");
}

}  // namespace

void Histogram::observe(double value) noexcept {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  buckets_[static_cast<size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

uint64_t Histogram::count() const noexcept {
  uint64_t total = 0;
  for (const auto& bucket : buckets_) total += bucket.load(std::memory_order_relaxed);
  return total;
}

std::span<const double> latency_bounds_s() noexcept {
  static constexpr std::array<double, 16> bounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                    0.5,   1,      2.5,   5,    15,    60,   180, 600};
  return bounds;
}

struct Metrics::Series {
  explicit Series(std::span<const double> bounds) : histogram(bounds) {}
  Counter counter;
  Gauge gauge;
  Histogram histogram;
};

struct Metrics::Family {
  Kind kind = Kind::counter;
  std::string help;
  std::vector<std::string> label_names;
  std::map<std::string, std::unique_ptr<Series>> series;  // by their labels as they are printed
};

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

Metrics::Series& Metrics::find(std::string_view name, std::string_view help, Kind kind, std::span<const double> bounds,
                               Labels labels) {
  const std::lock_guard lock(mutex_);
  auto found = families_.find(name);
  if (found == families_.end()) {
    auto family = std::make_unique<Family>();
    family->kind = kind;
    family->help = help;
    for (const auto& label : labels) family->label_names.emplace_back(label.first);
    found = families_.emplace(name, std::move(family)).first;
  }
  Family& family = *found->second;
  const bool same_names = std::equal(labels.begin(), labels.end(), family.label_names.begin(), family.label_names.end(),
                                     [](const auto& label, const std::string& known) { return label.first == known; });
  if (family.kind != kind || !same_names) {
    throw Error(ErrorKind::bug, fmt::format("metric {} is used in two ways", name));
  }
  std::string key = label_text(labels, false);
  if (!family.series.contains(key) && family.series.size() >= most_series) key = label_text(labels, true);
  auto& series = family.series[key];
  if (!series) series = std::make_unique<Series>(bounds);
  return *series;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
  return find(name, help, Kind::counter, {}, labels).counter;
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, Labels labels) {
  return find(name, help, Kind::gauge, {}, labels).gauge;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                              Labels labels) {
  return find(name, help, Kind::histogram, bounds, labels).histogram;
}

std::string Metrics::render() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    const std::string_view kind = family->kind == Kind::counter ? "counter"
                                  : family->kind == Kind::gauge ? "gauge"
                                                                : "histogram";
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family->help, name, kind);
    for (const auto& [labels, series] : family->series) {
      if (family->kind == Kind::counter) append_sample(out, name, labels, fmt::format("{}", series->counter.value()));
      if (family->kind == Kind::gauge) append_sample(out, name, labels, fmt::format("{}", series->gauge.value()));
      if (family->kind != Kind::histogram) continue;
      const Histogram& histogram = series->histogram;
      const std::string comma = labels.empty() ? "" : ",";
      uint64_t total = 0;
      for (size_t i = 0; i <= histogram.bounds().size(); ++i) {
        total += histogram.bucket(i);
        const std::string bound = i < histogram.bounds().size() ? fmt::format("{}", histogram.bounds()[i]) : "+Inf";
        append_sample(out, name + "_bucket", fmt::format("{}{}le=\"{}\"", labels, comma, bound),
                      fmt::format("{}", total));
      }
      append_sample(out, name + "_sum", labels, fmt::format("{}", histogram.sum()));
      append_sample(out, name + "_count", labels, fmt::format("{}", total));
    }
  }
  return out;
}

}  // namespace assay::core
