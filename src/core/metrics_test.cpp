#include "core/metrics.h"

#include <gmock/gmock.h>

#include <string>
#include <thread>
#include <vector>

#include "core/error.h"

namespace assay::core {
namespace {

using ::testing::HasSubstr;

TEST(Metrics, RendersCountersGaugesAndHistogramsAsPrometheusText) {
  Metrics metrics;
  metrics.counter("assay_tasks_total", "Tasks.", {{"kind", "list"}}).add(3);
  metrics.gauge("assay_depth", "Depth.").set(1.5);
  const std::vector<double> bounds = {0.1, 1};
  Histogram& histogram = metrics.histogram("assay_latency_seconds", "Latency.", bounds);
  histogram.observe(0.1);
  histogram.observe(0.5);
  histogram.observe(7);
  EXPECT_EQ(
      metrics.render(),
      "# HELP assay_depth Depth.\n# TYPE assay_depth gauge\nassay_depth 1.5\n"
      "# HELP assay_latency_seconds Latency.\n# TYPE assay_latency_seconds histogram\n"
      "assay_latency_seconds_bucket{le=\"0.1\"} 1\nassay_latency_seconds_bucket{le=\"1\"} 2\n"
      "assay_latency_seconds_bucket{le=\"+Inf\"} 3\nassay_latency_seconds_sum 7.6\nassay_latency_seconds_count 3\n"
      "# HELP assay_tasks_total Tasks.\n# TYPE assay_tasks_total counter\nassay_tasks_total{kind=\"list\"} 3\n");
}

TEST(Metrics, GivesTheSameSeriesForTheSameLabels) {
  Metrics metrics;
  Counter& one = metrics.counter("a", "A.", {{"x", "1"}});
  EXPECT_EQ(&one, &metrics.counter("a", "A.", {{"x", "1"}}));
  EXPECT_NE(&one, &metrics.counter("a", "A.", {{"x", "2"}}));
}

TEST(Metrics, EscapesLabelValues) {
  Metrics metrics;
  metrics.counter("a", "A.", {{"x", "q\"b\\n\n"}}).add();
  EXPECT_THAT(metrics.render(), HasSubstr("a{x=\"q\\\"b\\\\n\\n\"} 1\n"));
}

TEST(Metrics, BoundsTheSetsOfLabelValues) {
  Metrics metrics;
  for (int i = 0; i < 500; ++i) metrics.counter("a", "A.", {{"x", std::to_string(i)}}).add();
  EXPECT_THAT(metrics.render(), HasSubstr("a{x=\"other\"} 400\n"));
}

TEST(Metrics, RefusesAnotherUseOfAName) {
  Metrics metrics;
  metrics.counter("a", "A.");
  EXPECT_THROW(metrics.gauge("a", "A."), Error);
  EXPECT_THROW(metrics.counter("a", "A.", {{"x", "1"}}), Error);
}

TEST(Metrics, CountsFromManyThreads) {
  Metrics metrics;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) metrics.counter("a", "A.").add();
    });
  }
  threads.clear();
  EXPECT_EQ(metrics.counter("a", "A.").value(), 4000U);
}

}  // namespace
}  // namespace assay::core
