#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "core/error.h"
#include "scan/object_scanner.h"

namespace assay::scan {

/// A sink for one object, whose task waits for the last word on it. Thread-safe.
class LastWordSink : public ObjectSink {
 public:
  void on_object(model::ObjectRecord&& record) final {
    const std::lock_guard lock(mutex_);
    take(std::move(record));
    is_over_ = true;
    changed_.notify_all();
  }
  void on_abandoned(const std::string&) final {
    const std::lock_guard lock(mutex_);
    is_over_ = is_abandoned_ = true;
    changed_.notify_all();
  }

  /// Throws core::Error(transient) when the object was abandoned.
  void wait() {
    settle();
    const std::lock_guard lock(mutex_);
    if (is_abandoned_) throw core::Error(core::ErrorKind::transient, "the examiners ended before the object was read");
  }
  /// The same, whatever the last word is.
  void settle() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_over_; });
  }

 protected:
  /// The last word, under the lock.
  virtual void take(model::ObjectRecord&& record) = 0;
  std::mutex mutex_;

 private:
  std::condition_variable changed_;
  bool is_over_ = false, is_abandoned_ = false;
};

/// Has an object examined, and waits. Throws as LastWordSink::wait().
void examine(ObjectScanner& scanner, OpenObject object, LastWordSink& sink);
/// The same of what a reader gives. Throws what the reader throws of its source, too.
void examine(ObjectScanner& scanner, std::unique_ptr<connect::ObjectReader> reader, OpenObject object,
             LastWordSink& sink);

}  // namespace assay::scan
