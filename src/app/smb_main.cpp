// assay-smb: speaks SMB for a connector, in a process of its own, because its library is under the GPL and blocks.
// Asked and answering on standard input, which is a socket (connect/smb/wire.h); ends when its other end does.
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <string.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "app/smb/share.h"
#include "connect/smb/wire.h"
#include "core/error.h"

namespace assay::app {
namespace {

using namespace connect::smb;

constexpr int line = STDIN_FILENO;
constexpr size_t read_bytes = 4U << 20;                                 // on their way from the server at a time
constexpr size_t page_bytes = 256U << 10;                               // of a listing
[[maybe_unused]] constexpr rlim_t most_memory_bytes = rlim_t{4} << 30;  // not with a sanitizer, which maps far more

/// The other end is gone.
struct LineEnded {};

void send_all(const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t n = ::send(line, bytes, size, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw LineEnded();
    bytes += n;
    size -= static_cast<size_t>(n);
  }
}

void receive_all(char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t n = ::recv(line, bytes, size, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw LineEnded();
    bytes += n;
    size -= static_cast<size_t>(n);
  }
}

void answer(MessageType type, std::string_view body) {
  const std::string head = message_head(type, body.size());
  send_all(head.data(), head.size());
  send_all(body.data(), body.size());
}

template <typename Value>
void answer_with(MessageType type, const Value& value) {
  Encoder body;
  encode(body, value);
  answer(type, body.body());
}

bool has_question() {
  pollfd event{line, POLLIN, 0};
  return ::poll(&event, 1, 0) > 0;
}

void list(Share& share, const std::string& path) {
  Encoder page;
  const auto flush = [&] {
    if (!page.body().empty()) answer(MessageType::entries, page.body());
    page.body().clear();
  };
  const auto listed = share.list(path, [&](const Entry& entry) {
    encode(page, entry);
    if (page.body().size() >= page_bytes) flush();
  });
  if (!listed) return answer_with(MessageType::failed, listed.error());
  flush();
  answer(MessageType::done, {});
}

// Ends early when there is a question, which can only be that to close.
void stream(Share& share, std::vector<char>& buffer) {
  for (;;) {
    const auto n = share.read(buffer);
    if (!n) return answer_with(MessageType::failed, n.error());
    if (*n == 0) break;
    for (size_t at = 0; at < *n; at += most_data_bytes) {
      if (has_question()) return;
      answer(MessageType::bytes, {buffer.data() + at, std::min<size_t>(*n - at, most_data_bytes)});
    }
  }
  const auto now = share.look_at_open();
  if (now) answer_with(MessageType::end, *now);
  else answer_with(MessageType::failed, now.error());
}

void serve() {
  std::optional<Share> share;
  std::vector<char> buffer(read_bytes);
  std::string body;
  for (;;) {
    std::string head(head_bytes, '\0');
    receive_all(head.data(), head.size());
    Decoder decoder(head);
    body.resize(std::min(decoder.u32(), most_message_bytes));
    const auto type = static_cast<MessageType>(decoder.u8());
    receive_all(body.data(), body.size());
    Decoder question(body);
    if (type == MessageType::setup) {
      share.emplace(decode_setup(question));
      ::explicit_bzero(body.data(), body.size());
      ::prctl(PR_SET_DUMPABLE, 0);  // not before: the library reads its configuration by way of /proc/self
      answer(MessageType::done, {});
      continue;
    }
    if (!share) throw LineEnded();
    if (type == MessageType::close) {
      share->close();
      answer(MessageType::done, {});
      continue;
    }
    const std::string path = question.text();
    if (type == MessageType::list) {
      list(*share, path);
    } else if (type == MessageType::look) {
      const auto entry = share->look(path);
      if (entry) answer_with(MessageType::entry, *entry);
      else answer_with(MessageType::failed, entry.error());
    } else if (type == MessageType::open) {
      const auto entry = share->open(path, question.u64());
      if (!entry) {
        answer_with(MessageType::failed, entry.error());
        continue;
      }
      answer_with(MessageType::entry, *entry);
      stream(*share, buffer);
    }
  }
}

// It holds a password, and takes apart what a server sends.
void lock_down() {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
#ifndef ASSAY_SANITIZED
  const rlimit memory{most_memory_bytes, most_memory_bytes};
  ::setrlimit(RLIMIT_AS, &memory);
#endif
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::signal(SIGINT, SIG_IGN);  // Ctrl-C is for the parent, which ends this
  ::signal(SIGPIPE, SIG_IGN);
}

}  // namespace
}  // namespace assay::app

int main() {
  try {
    assay::app::lock_down();
    assay::app::serve();
  } catch (const assay::app::LineEnded&) {
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "assay-smb: %s\n", error.what());
    return 1;
  }
}
