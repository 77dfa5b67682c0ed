#include <unistd.h>

#include <cstring>
#include <ctime>
#include <stdexcept>

#include "extract/sandbox/worker.h"

namespace assay::sandbox {
namespace {

// Answers of finished requests wait this long for company before they are sent.
constexpr int64_t max_wait_ns = 1'000'000;
constexpr uint64_t ticks_between_looks = 64;

int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

Channel::Channel(int socket, SharedPage& page) : socket_(socket), page_(page) {}

void Channel::put(FrameKind kind, uint64_t sequence, uint8_t verdict, std::initializer_list<std::string_view> pieces) {
  size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  if (used_ + sizeof(FrameHeader) + size > buffer_.size()) flush();
  const FrameHeader header{sequence, static_cast<uint32_t>(size), kind, verdict, 0};
  std::memcpy(buffer_.data() + used_, &header, sizeof(header));
  used_ += sizeof(header);
  for (const std::string_view piece : pieces) {
    std::memcpy(buffer_.data() + used_, piece.data(), piece.size());
    used_ += piece.size();
  }
}

void Channel::flush() {
  if (used_ == 0) return;
  const iovec part{buffer_.data(), used_};
  if (send_message(socket_, {&part, 1}, {}, 0) != 0) ::_exit(exit_channel_lost);
  if (used_ > finished_bytes_) sent_part_ = true;
  used_ = 0;
  finished_bytes_ = 0;
}

void Channel::send(std::string_view payload) {
  if (payload.size() > max_payload_bytes) throw std::length_error("a frame longer than the sandbox's message");
  put(FrameKind::data, sequence_, 0, {payload});
  tick();
}

void Channel::begin_member(uint64_t ordinal) noexcept {
  page_.ordinal.store(ordinal, std::memory_order_relaxed);
  tick();
}

void Channel::tick() noexcept {
  ++ticks_;
  page_.progress.store(ticks_, std::memory_order_relaxed);
  if (finished_bytes_ != 0 && ticks_ % ticks_between_looks == 0 && now_ns() - oldest_finished_ns_ > max_wait_ns)
    flush();
}

void Channel::begin_request(uint64_t sequence) {
  if (finished_bytes_ != 0 && now_ns() - oldest_finished_ns_ > max_wait_ns) flush();
  sequence_ = sequence;
  sent_part_ = false;
  page_.ordinal.store(0, std::memory_order_relaxed);
  page_.current.store(sequence, std::memory_order_release);
  tick();
}

void Channel::end_request(const DoneBody& body, uint8_t verdict, std::string_view reason) {
  const std::string_view bytes(reinterpret_cast<const char*>(&body), sizeof(body));
  put(FrameKind::done, sequence_, verdict, {bytes, reason.substr(0, max_reason_bytes)});
  // Should the next request kill this worker, a finished one whose answer never left is examined again elsewhere.
  // That must not happen to one whose first frames the parent already has, so its last ones leave now.
  if (sent_part_) return flush();
  if (finished_bytes_ == 0) oldest_finished_ns_ = now_ns();
  finished_bytes_ = used_;
}

}  // namespace assay::sandbox
