#include "extract/sandbox/worker_loop.h"

#include <cxxabi.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <typeinfo>

#include "extract/failure.h"

namespace assay::sandbox {
namespace {

constexpr auto crash = static_cast<uint8_t>(model::VerdictKind::crash);

uint64_t microseconds(const timeval& time) {
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000 + static_cast<uint64_t>(time.tv_usec);
}

// The name of the exception, never its text: that may hold what the document holds.
std::string name_of_current_exception() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) return "an unknown exception";
  int status = 0;
  const std::unique_ptr<char, decltype(&::free)> name(abi::__cxa_demangle(type->name(), nullptr, nullptr, &status),
                                                      &::free);
  return std::string("exception ") + (status == 0 ? name.get() : type->name());
}

class Server {
 public:
  Server(const ExaminerHooks& hooks, int scratch, SharedPage& page, Channel& channel)
      : hooks_(hooks), scratch_(scratch), page_(page), channel_(channel) {}

  // False when the batch is not what a parent sends.
  bool serve_batch(std::string_view message, std::vector<core::Fd>& descriptors) {
    RequestBatch batch{};
    if (message.size() < sizeof(batch)) return false;
    std::memcpy(&batch, message.data(), sizeof(batch));
    message.remove_prefix(sizeof(batch));
    auto next_descriptor = descriptors.begin();
    for (uint64_t i = 0; i < batch.count; ++i) {
      RequestHeader header{};
      if (message.size() < sizeof(header)) return false;
      std::memcpy(&header, message.data(), sizeof(header));
      message.remove_prefix(sizeof(header));
      if (message.size() < header.size) return false;
      core::Fd object;
      if (header.has_descriptor != 0) {
        if (next_descriptor == descriptors.end()) return false;
        object = std::move(*next_descriptor++);
      }
      if (page_.claim(header.sequence, RequestState::begun))
        serve(header.sequence, message.substr(0, header.size), object.get());
      message.remove_prefix(header.size);
    }
    return true;
  }

 private:
  void serve(uint64_t sequence, std::string_view request, int object) {
    channel_.begin_request(sequence);
    uint8_t verdict = 0;
    std::string reason;
    try {
      hooks_.examine(request, object, scratch_, channel_);
    } catch (const extract::Failure& failure) {
      verdict = static_cast<uint8_t>(failure.verdict().kind);
      reason = failure.verdict().reason;
    } catch (...) {
      verdict = crash;
      reason = name_of_current_exception();
    }
    empty_scratch();
    channel_.end_request(take_usage(), verdict, reason);
    page_.place(sequence).store(SharedPage::pack(sequence, RequestState::finished), std::memory_order_release);
  }

  DoneBody take_usage() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const uint64_t cpu_us = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    const DoneBody body{cpu_us - cpu_us_before_, static_cast<uint64_t>(usage.ru_maxrss) * 1024};
    cpu_us_before_ = cpu_us;
    return body;
  }

  void empty_scratch() const {
    struct stat info{};
    if (scratch_ >= 0 && ::fstat(scratch_, &info) == 0 && info.st_size != 0 && ::ftruncate(scratch_, 0) == 0)
      ::lseek(scratch_, 0, SEEK_SET);
  }

  const ExaminerHooks& hooks_;
  int scratch_;
  SharedPage& page_;
  Channel& channel_;
  uint64_t cpu_us_before_ = 0;
};

}  // namespace

void serve_requests(const ExaminerHooks& hooks, int socket, int scratch, SharedPage& page, Channel& channel) {
  Server server(hooks, scratch, page, channel);
  const auto buffer = std::make_unique<std::array<char, max_message_bytes>>();
  std::vector<core::Fd> descriptors;
  for (;;) {
    size_t size = 0;
    const ReceiveStatus status = receive_message(socket, *buffer, size, &descriptors, 0);
    if (status == ReceiveStatus::closed) ::_exit(0);
    if (status != ReceiveStatus::ok || !server.serve_batch({buffer->data(), size}, descriptors))
      ::_exit(exit_channel_lost);
    descriptors.clear();
    channel.flush();
  }
}

}  // namespace assay::sandbox
