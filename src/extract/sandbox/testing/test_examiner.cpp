// A helper for sandbox_test: a request names a behaviour, good or bad.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "extract/failure.h"
#include "extract/sandbox/worker.h"

#ifdef ASSAY_SANITIZED
extern "C" const char* __asan_default_options();
extern "C" const char* __tsan_default_options();
// The kernel's signals must reach the parent as they are.
extern "C" const char* __asan_default_options() {
  return "handle_segv=0:handle_abort=0:handle_sigbus=0:detect_leaks=0:allocator_may_return_null=0";
}
extern "C" const char* __tsan_default_options() { return "handle_segv=0:handle_abort=0:handle_sigbus=0"; }
#endif

namespace {

using assay::sandbox::Channel;

constexpr int channel_socket = 3;

struct Call {
  std::string_view argument;
  int object;
  int scratch;
  Channel& channel;
};

std::string setup_text;
std::vector<char> ballast;
bool entered = false;
volatile int sink = 0;
void* volatile kept = nullptr;  // what is stored here the compiler cannot leave out

long number(std::string_view text) {
  long value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string errno_or(long rc, const char* good) { return rc >= 0 ? good : ::strerrorname_np(errno); }

void echo(const Call& call) {
  std::array<char, 4096> buffer{};
  const ssize_t count = ::pread(call.object, buffer.data(), buffer.size(), 0);
  call.channel.send(std::string(call.argument) + ":" + std::string(buffer.data(), static_cast<size_t>(count)));
}

void send_many(const Call& call) {
  const long frames = number(call.argument);
  const std::string payload(1000, 'x');
  for (long i = 0; i < frames; ++i) call.channel.send(payload);
}

[[noreturn]] void loop_with_ticks(const Call& call) {
  for (;;) call.channel.tick();
}

[[noreturn]] void loop_silently(const Call&) {
  for (;;) sink = sink + 1;
}

void allocate_for_ever(const Call& call) {
  std::vector<std::vector<char>> all;
  for (;;) {
    all.emplace_back(1 << 20, 'x');
    kept = all.back().data();
    call.channel.tick();
  }
}

void allocate_at_once(const Call& call) {
  const std::string all(std::size_t{1} << 40, 'x');
  call.channel.send(all.substr(5, 5));
}

// As a C library would: it takes memory until there is none and then falls over.
void allocate_in_c(const Call&) {
  for (;;) {
    auto* block = static_cast<char*>(std::malloc(1 << 20));
    if (block == nullptr) std::abort();
    std::memset(block, 1, 1 << 20);
    kept = block;
  }
}

void write_scratch(const Call& call) {
  const std::string block(1 << 20, 's');
  const long megabytes = number(call.argument);
  struct stat before{};
  ::fstat(call.scratch, &before);
  for (long i = 0; i < megabytes; ++i) {
    if (::write(call.scratch, block.data(), block.size()) < 0) {
      call.channel.send(fmt::format("{} {}", before.st_size, ::strerrorname_np(errno)));
      return;
    }
  }
  call.channel.send(fmt::format("{} ok", before.st_size));
}

void tell_identity(const Call& call) {
  rlimit files{};
  const long limits = ::getrlimit(RLIMIT_NOFILE, &files);
  call.channel.send(
      fmt::format("uid {} setup {} entered {} getrlimit {}", ::getuid(), setup_text, entered, errno_or(limits, "ok")));
}

void sleep_ms(const Call& call) {
  const long ms = number(call.argument);
  const timespec time{ms / 1000, ms % 1000 * 1'000'000};
  ::nanosleep(&time, nullptr);
  call.channel.send("slept");
}

// The object is a pipe, whose writer decides how long this takes.
void await_end(const Call& call) {
  for (char byte = 0; ::read(call.object, &byte, 1) > 0;) continue;
  call.channel.send("ended");
}

void send_garbage(const Call&) {
  const std::string garbage(100, '\xff');
  ::send(channel_socket, garbage.data(), garbage.size(), MSG_NOSIGNAL);
  for (;;) sink = sink + 1;
}

void send_huge(const Call&) {
  const std::string huge(assay::sandbox::max_message_bytes + 1, 'h');
  ::send(channel_socket, huge.data(), huge.size(), MSG_NOSIGNAL);
  for (;;) sink = sink + 1;
}

void send_descriptor(const Call& call) {
  const std::string frame(16, 'f');
  const iovec part = assay::sandbox::as_iovec(std::string_view(frame));
  assay::sandbox::send_message(channel_socket, {&part, 1}, {&call.object, 1}, 0);
  for (;;) sink = sink + 1;
}

void answer_for_another(const Call&) {
  const assay::sandbox::FrameHeader header{12345, 0, assay::sandbox::FrameKind::data, 0, 0};
  ::send(channel_socket, &header, sizeof(header), MSG_NOSIGNAL);
  for (;;) sink = sink + 1;
}

void start_process(const Call&) { sink = static_cast<int>(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }

void start_thread(const Call&) {
#if defined(__has_feature) && __has_feature(thread_sanitizer)
  ::raise(SIGSYS);  // its own machinery around threads hangs where there can be none
#else
  std::thread([] { sink = 1; }).join();
#endif
}

void map_code(const Call&) {
  void* memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  sink = memory == MAP_FAILED ? 1 : 2;
}

const std::map<std::string_view, std::function<void(const Call&)>>& behaviours() {
  static const std::map<std::string_view, std::function<void(const Call&)>> all = {
      {"echo", echo},
      {"nothing", [](const Call&) {}},
      {"many", send_many},
      {"sleep", sleep_ms},
      {"await-end", await_end},
      {"segv",
       [](const Call& call) {
         call.channel.begin_member(7);
         ::raise(SIGSEGV);
       }},
      {"abort", [](const Call&) { std::abort(); }},
      {"exit", [](const Call& call) { ::_exit(static_cast<int>(number(call.argument))); }},
      {"late-crash",
       [](const Call& call) {
         send_many({"500", -1, -1, call.channel});
         std::abort();
       }},
      {"tick-for-ever", loop_with_ticks},
      {"spin", loop_silently},
      {"flood",
       [](const Call& call) {
         for (;;) call.channel.send(std::string(1000, 'f'));
       }},
      {"allocate", allocate_for_ever},
      {"allocate-in-c", allocate_in_c},
      {"allocate-at-once", allocate_at_once},
      {"map-shared",
       [](const Call& call) {
         void* memory = ::mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
         call.channel.send(errno_or(memory == MAP_FAILED ? -1 : 0, "mapped"));
       }},
      {"open", [](const Call& call) { call.channel.send(errno_or(::open("/etc/passwd", O_RDONLY), "opened")); }},
      {"stat",
       [](const Call& call) {
         struct stat info{};
         call.channel.send(errno_or(::stat("/etc/passwd", &info), "seen"));
       }},
      {"socket", [](const Call&) { sink = ::socket(AF_INET, SOCK_STREAM, 0); }},
      {"exec", [](const Call&) { ::execl("/bin/true", "true", nullptr); }},
      {"fork", start_process},
      {"thread", start_thread},
      {"ptrace", [](const Call&) { sink = static_cast<int>(::syscall(SYS_ptrace, 0, 0, 0, 0)); }},
      {"kill-parent", [](const Call&) { ::kill(::getppid(), SIGKILL); }},
      {"map-code", map_code},
      {"garbage", send_garbage},
      {"huge", send_huge},
      {"descriptor", send_descriptor},
      {"wrong-sequence", answer_for_another},
      {"close-channel",
       [](const Call& call) {
         ::close(channel_socket);
         call.channel.send("lost");
       }},
      {"close-and-spin",
       [](const Call& call) {
         ::close(channel_socket);
         loop_silently(call);
       }},
      {"stop-self",
       [](const Call& call) {
         ::syscall(SYS_tgkill, ::getpid(), ::gettid(), SIGSTOP);
         call.channel.send("woke");
       }},
      {"throw", [](const Call&) { throw std::runtime_error("the text of an exception may be a secret"); }},
      {"fail", [](const Call&) { throw assay::extract::Failure(assay::model::VerdictKind::encrypted, "no key"); }},
      {"scratch", write_scratch},
      {"identity", tell_identity},
      {"pid", [](const Call& call) { call.channel.send(fmt::format("{}", ::getpid())); }},
      {"touch-ballast",
       [](const Call&) {
         for (size_t i = 0; i < ballast.size(); i += 4096) ballast[i] = 2;
       }},
  };
  return all;
}

void set_up(std::string_view setup) {
  if (setup == "throw") throw std::invalid_argument("rule 7 has no pattern");
  if (setup == "die") std::abort();
  if (setup.starts_with("ballast ")) ballast.assign(static_cast<size_t>(number(setup.substr(8))) << 20, 1);
  setup_text = setup;
}

void examine(std::string_view request, int object, int scratch, Channel& channel) {
  const size_t space = request.find(' ');
  const std::string_view argument = space == std::string_view::npos ? "" : request.substr(space + 1);
  behaviours().at(request.substr(0, space))({argument, object, scratch, channel});
}

}  // namespace

int main() {
  return assay::sandbox::run_examiner({.setup = set_up, .enter_worker = [] { entered = true; }, .examine = examine});
}
