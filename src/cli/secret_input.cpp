#include "cli/secret_input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "core/error.h"
#include "core/fd.h"
#include "secure/store_credentials.h"

namespace assay::cli {
namespace {

using secure::LockedBytes;

constexpr size_t max_bytes = secure::max_credential_bytes;
constexpr char interrupt = 0x03;  // Ctrl-C

[[noreturn]] void refuse(const std::string& message) { throw core::Error(core::ErrorKind::bad_input, message); }

/// One byte; false at the end.
bool read_byte(int fd, char& byte) {
  for (;;) {
    const ssize_t n = ::read(fd, &byte, 1);
    if (n < 0 && errno == EINTR) continue;
    return n == 1;
  }
}

/// Up to a newline or, when `is_whole`, to the end. Read byte by byte: what follows is for the next who reads.
LockedBytes read_secret(int fd, bool is_whole, bool is_terminal) {
  LockedBytes buffer(max_bytes + 2);
  size_t size = 0;
  char byte = 0;
  bool has_ended = false;
  while (size < buffer.size()) {
    has_ended = !read_byte(fd, byte);
    if (has_ended) break;
    if (is_terminal && byte == interrupt) refuse("interrupted");
    if (!is_whole && byte == '\n') break;
    buffer.data()[size++] = static_cast<unsigned char>(byte);
  }
  ::explicit_bzero(&byte, 1);
  if (size == 0 && has_ended) refuse("the secret is missing: nothing came from where it was to be read");
  if (is_whole && size > 0 && buffer.data()[size - 1] == '\n') --size;
  if (size > 0 && buffer.data()[size - 1] == '\r') --size;
  if (size > max_bytes) refuse(fmt::format("a secret has at most {} bytes", max_bytes));
  return LockedBytes::copy_of(buffer.reveal().substr(0, size));
}

/// No echo, and no signals from keys, as long as it lives: nothing can leave the terminal without echo.
class QuietTerminal {
 public:
  explicit QuietTerminal(int fd) : fd_(fd) {
    if (::tcgetattr(fd, &before_) != 0) throw core::error_from_errno("cannot turn the terminal's echo off", errno);
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ISIG);
    quiet.c_cc[VEOL] = interrupt;  // ends the line, as Enter does, so that it is seen at once
    if (::tcsetattr(fd, TCSAFLUSH, &quiet) != 0)
      throw core::error_from_errno("cannot turn the terminal's echo off", errno);
  }
  ~QuietTerminal() { ::tcsetattr(fd_, TCSAFLUSH, &before_); }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

 private:
  int fd_;
  termios before_{};
};

void print(int fd, std::string_view text) { [[maybe_unused]] const ssize_t n = ::write(fd, text.data(), text.size()); }

LockedBytes ask(const std::string& prompt) {
  const core::Fd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal)
    refuse(
        "there is no terminal to ask on; give a password with --password-stdin or a key file, a value with "
        "--value-stdin");
  const QuietTerminal quiet(terminal.get());
  print(terminal.get(), prompt + ": ");
  LockedBytes secret = read_secret(terminal.get(), false, true);
  print(terminal.get(), "\n");
  return secret;
}

}  // namespace

LockedBytes SecretInput::line(const std::string& prompt) const {
  return from_ == From::terminal ? ask(prompt) : read_secret(STDIN_FILENO, false, false);
}

LockedBytes SecretInput::new_line(const std::string& prompt) const {
  LockedBytes secret = line(prompt);
  if (from_ == From::terminal && !ask(prompt + ", again").equals(secret)) refuse("the two are not the same");
  return secret;
}

LockedBytes SecretInput::rest() { return read_secret(STDIN_FILENO, true, false); }

}  // namespace assay::cli
