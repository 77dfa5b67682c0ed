#include "connect/sftp/sftp_client.h"

#include <fmt/format.h>

#include <algorithm>

#include "connect/sftp/sftp_packet.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::connect::sftp {
namespace {

using model::VerdictKind;

constexpr uint32_t protocol_version = 3;
constexpr uint32_t most_packet_bytes = (256 << 10) + 1024;
constexpr uint32_t most_asked_bytes = 255 << 10;  ///< in one read
constexpr size_t piece_bytes = 256 << 10;
constexpr uint32_t open_for_reading = 1;
constexpr size_t most_handle_bytes = 256;  ///< of the draft
constexpr size_t most_shown = 200;
constexpr std::string_view limits_extension = "limits@openssh.com";

enum AttributeFlag : uint32_t {
  has_size = 1,
  has_owner = 2,
  has_permissions = 4,
  has_times = 8,
  has_extended = 0x80000000,
};

Attributes read_attributes(PacketReader& packet) {
  Attributes attributes;
  const uint32_t flags = packet.u32();
  if ((flags & has_size) != 0) attributes.size = packet.u64();
  if ((flags & has_owner) != 0) packet.u64();
  if ((flags & has_permissions) != 0) attributes.permissions = packet.u32();
  if ((flags & has_times) != 0) {
    packet.u32();
    attributes.mtime_s = packet.u32();
  }
  if ((flags & has_extended) != 0)
    for (uint32_t left = packet.u32(); left > 0; --left) {
      packet.text();
      packet.text();
    }
  return attributes;
}

}  // namespace

SftpClient::SftpClient(const Settings& settings, const ConnectorContext& context) : channel_(settings, context) {
  greet();
}

void SftpClient::greet() {
  std::string hello;
  append_u32(hello, 5);
  hello += static_cast<char>(init);
  append_u32(hello, protocol_version);
  channel_.write(hello);
  fill(4);
  const uint32_t size = PacketReader(std::string_view(in_).substr(taken_)).u32();
  if (size < 5 || size > most_packet_bytes) throw_nonsense("its first packet has no possible length");
  fill(4 + size);
  PacketReader packet(std::string_view(in_).substr(taken_ + 4, size));
  if (packet.u8() != version) throw_nonsense("its first packet is no version");
  if (packet.u32() < protocol_version) throw_nonsense("its version is older than 3");
  bool has_limits = false;
  while (!packet.is_at_end()) {
    has_limits = packet.text() == limits_extension || has_limits;
    packet.text();
  }
  taken_ += 4 + size;
  if (has_limits) ask_for_limits();
}

void SftpClient::ask_for_limits() {
  std::string body;
  append_text(body, limits_extension);
  const Packet limits = answer(ask(extended, body));
  if (limits.type != extended_reply) return;
  PacketReader packet(limits.body);
  packet.u64();
  const uint64_t most = packet.u64();
  if (most >= most_read_bytes_) most_read_bytes_ = static_cast<uint32_t>(std::min<uint64_t>(most, most_asked_bytes));
}

SftpClient::Id SftpClient::ask(uint8_t type, std::string_view body) {
  const Id id = next_id_++;
  append_u32(out_, static_cast<uint32_t>(5 + body.size()));
  out_ += static_cast<char>(type);
  append_u32(out_, id);
  out_ += body;
  questions_.emplace(id, Question{});
  return id;
}

SftpClient::Id SftpClient::ask_read(const std::string& file, uint64_t offset, uint32_t bytes) {
  std::string body;
  append_text(body, file);
  append_u64(body, offset);
  append_u32(body, bytes);
  return ask(read, body);
}

SftpClient::Id SftpClient::ask_fstat(const std::string& file) {
  std::string body;
  append_text(body, file);
  return ask(fstat, body);
}

SftpClient::Id SftpClient::ask_lstat(const std::string& path) {
  std::string body;
  append_text(body, path);
  return ask(lstat, body);
}

SftpClient::Id SftpClient::ask_stat(const std::string& path) {
  std::string body;
  append_text(body, path);
  return ask(stat, body);
}

SftpClient::Id SftpClient::ask_open(const std::string& path) {
  std::string body;
  append_text(body, path);
  append_u32(body, open_for_reading);
  append_u32(body, 0);  // no attributes
  return ask(open, body);
}

SftpClient::Id SftpClient::ask_opendir(const std::string& path) {
  std::string body;
  append_text(body, path);
  return ask(opendir, body);
}

SftpClient::Id SftpClient::ask_readdir(const std::string& folder) {
  std::string body;
  append_text(body, folder);
  return ask(readdir, body);
}

void SftpClient::forget(std::string file, std::vector<Id> ids) {
  const std::lock_guard lock(mutex_);
  forgotten_.emplace_back(std::move(file), std::move(ids));
}

// Closes what was forgotten since the last time.
void SftpClient::let_go() {
  std::vector<std::pair<std::string, std::vector<Id>>> forgotten;
  {
    const std::lock_guard lock(mutex_);
    forgotten.swap(forgotten_);
  }
  for (const auto& [file, ids] : forgotten) {
    for (const Id id : ids) {
      const auto question = questions_.find(id);
      if (question == questions_.end()) continue;
      if (question->second.answer) questions_.erase(question);
      else question->second.is_forgotten = true;
    }
    if (file.empty()) continue;
    std::string body;
    append_text(body, file);
    questions_.at(ask(close, body)).is_forgotten = true;
  }
}

void SftpClient::flush() {
  let_go();
  if (out_.empty()) return;
  channel_.write(out_);
  out_.clear();
}

Packet SftpClient::answer(Id id) {
  flush();
  for (;;) {
    const auto question = questions_.find(id);
    if (question == questions_.end()) throw core::Error(core::ErrorKind::bug, "SFTP: an answer is asked for twice");
    if (question->second.answer) {
      Packet packet = std::move(*question->second.answer);
      questions_.erase(question);
      return packet;
    }
    auto [answered_id, packet] = receive();
    const auto answered = questions_.find(answered_id);
    if (answered == questions_.end() || answered->second.answer) throw_nonsense("it answers what nobody asked");
    if (answered->second.is_forgotten) questions_.erase(answered);
    else answered->second.answer = std::move(packet);
  }
}

std::pair<SftpClient::Id, Packet> SftpClient::receive() {
  fill(4);
  const uint32_t size = PacketReader(std::string_view(in_).substr(taken_)).u32();
  if (size < 5 || size > most_packet_bytes) throw_nonsense("a packet has no possible length");
  fill(4 + size);
  PacketReader packet(std::string_view(in_).substr(taken_ + 4, size));
  const uint8_t type = packet.u8();
  const Id id = packet.u32();
  std::pair<Id, Packet> received(id, {.type = type, .body = in_.substr(taken_ + 9, size - 5)});
  taken_ += 4 + size;
  return received;
}

void SftpClient::fill(size_t bytes) {
  if (in_.size() - taken_ >= bytes) return;
  in_.erase(0, taken_);
  taken_ = 0;
  size_t used = in_.size();
  in_.resize(std::max(bytes, used + piece_bytes));
  try {
    while (used < bytes) used += channel_.read({in_.data() + used, in_.size() - used});
  } catch (...) {
    in_.resize(used);
    throw;
  }
  in_.resize(used);
}

Refusal SftpClient::refusal(const Packet& answer) {
  if (answer.type != status) throw_nonsense("an answer is of another kind than its question");
  PacketReader packet(answer.body);
  const uint32_t code = packet.u32();
  const std::string said = packet.is_at_end() ? "" : core::printable(packet.text(), most_shown);
  if (code == status_no_connection || code == status_connection_lost)
    throw core::Error(core::ErrorKind::transient, fmt::format("the server lost its own connection: {}", said));
  if (code == status_no_such_file)
    return {{VerdictKind::io_error, "it vanished before it was opened"}, /*is_absent=*/true};
  if (code == status_permission_denied) return {{VerdictKind::io_error, "permission denied"}};
  return {{VerdictKind::io_error, fmt::format("the server says: {} (code {})", said, code)}};
}

bool SftpClient::is_end(const Packet& answer) {
  return answer.type == status && PacketReader(answer.body).u32() == status_eof;
}

std::expected<std::string, Refusal> SftpClient::handle_of(const Packet& answer) {
  if (answer.type != handle) return std::unexpected(refusal(answer));
  const std::string_view text = PacketReader(answer.body).text();
  if (text.empty() || text.size() > most_handle_bytes) throw_nonsense("a handle has no possible length");
  return std::string(text);
}

std::expected<Attributes, Refusal> SftpClient::attributes_of(const Packet& answer) {
  if (answer.type != attrs) return std::unexpected(refusal(answer));
  PacketReader packet(answer.body);
  return read_attributes(packet);
}

void SftpClient::take_names(const Packet& answer,
                            const std::function<bool(std::string&& name, const Attributes&)>& take) {
  if (answer.type != name) throw_nonsense("an answer is of another kind than its question");
  PacketReader packet(answer.body);
  for (uint32_t left = packet.u32(); left > 0; --left) {
    std::string one(packet.text());
    packet.text();  // as `ls -l` would show it
    const Attributes attributes = read_attributes(packet);
    if (!take(std::move(one), attributes)) return;
  }
}

std::expected<std::optional<std::string_view>, Refusal> SftpClient::data_of(const Packet& answer) {
  if (is_end(answer)) return std::nullopt;
  if (answer.type != data) return std::unexpected(refusal(answer));
  const std::string_view bytes = PacketReader(answer.body).text();
  if (bytes.empty()) throw_nonsense("a read gives nothing and does not say why");
  return bytes;
}

}  // namespace assay::connect::sftp
