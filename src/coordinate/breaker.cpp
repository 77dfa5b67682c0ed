#include "coordinate/breaker.h"

#include <optional>

namespace assay::coordinate {

SourceWatch::SourceWatch(const Runtime& runtime, BreakerPolicy policy)
    : runtime_(runtime),
      policy_(policy),
      opened_(runtime.metrics.counter("assay_breakers_opened_total", "Circuit breakers that opened.")) {}

void SourceWatch::succeeded(int64_t datasource_id) {
  {
    const std::lock_guard lock(mutex_);
    if (!in_trouble_.contains(datasource_id)) return;
  }
  tell(datasource_id, true);
}

void SourceWatch::failed(int64_t datasource_id) {
  if (datasource_id != 0) tell(datasource_id, false);
}

void SourceWatch::tell(int64_t datasource_id, bool ok) {
  std::optional<store::Store::Breaker> now;
  try {
    now = runtime_.store.record_source_outcome(datasource_id, ok, policy_.threshold, policy_.open_ms);
  } catch (const core::Error& error) {
    runtime_.log.warning("could not record how a source fares",
                         {{"datasource", datasource_id}, {"error", error.what()}});
    return;
  }
  const bool is_well = now->state == model::BreakerState::closed && now->failures == 0;
  bool has_opened = false, has_closed = false;
  {
    const std::lock_guard lock(mutex_);
    const auto known = in_trouble_.find(datasource_id);
    const auto before = known == in_trouble_.end() ? model::BreakerState::closed : known->second;
    has_opened = before != model::BreakerState::open && now->state == model::BreakerState::open;
    has_closed = before != model::BreakerState::closed && now->state == model::BreakerState::closed;
    if (is_well) in_trouble_.erase(datasource_id);
    else in_trouble_[datasource_id] = now->state;
  }
  if (has_opened) {
    opened_.add();
    runtime_.log.warning("a source fails; its tasks wait",
                         {{"datasource", datasource_id}, {"failures", now->failures}});
  }
  if (has_closed) runtime_.log.info("a source is well again", {{"datasource", datasource_id}});
}

}  // namespace assay::coordinate
