#include <fmt/format.h>
#include <hiredis/hiredis.h>

#include <boost/url.hpp>
#include <charconv>
#include <mutex>
#include <utility>
#include <vector>

#include "coordinate/resources/resources.h"
#include "core/error.h"

namespace assay::coordinate {
namespace {

// A resource is a hash from holder to "amount until"; a holder is a set of its resources. Both carry the longest time
// that anything in them lasts, so that what nobody renews vanishes by itself. Time is the server's.
constexpr std::string_view common_script = R"lua(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function amounts(key, mine)
  local others, total = 0, 0
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    local amount, till = string.match(all[i + 1], '(%d+) (%d+)')
    if tonumber(till) <= now then redis.call('HDEL', key, all[i])
    else
      total = total + amount
      if all[i] ~= mine then others = others + amount end
    end
  end
  return others, total
end
local function keep(key, ttl)
  if redis.call('PTTL', key) < ttl then redis.call('PEXPIRE', key, ttl) end
end
)lua";

constexpr std::string_view acquire_script = R"lua(
local prefix, holder, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3])
for i = 4, #ARGV, 3 do
  local amount, limit = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  if limit > 0 and amounts(prefix .. 'resource:' .. ARGV[i], holder) + amount > limit then return 0 end
end
local set = prefix .. 'holder:' .. holder
for i = 4, #ARGV, 3 do
  local key = prefix .. 'resource:' .. ARGV[i]
  redis.call('HSET', key, holder, ARGV[i + 1] .. ' ' .. string.format('%d', now + ttl))
  redis.call('SADD', set, key)
  keep(key, ttl)
end
keep(set, ttl)
return 1
)lua";

constexpr std::string_view renew_script = R"lua(
local prefix, ttl = ARGV[1], tonumber(ARGV[2])
for i = 3, #ARGV do
  local set = prefix .. 'holder:' .. ARGV[i]
  for _, key in ipairs(redis.call('SMEMBERS', set)) do
    local held = redis.call('HGET', key, ARGV[i])
    if held then
      local amount, till = string.match(held, '(%d+) (%d+)')
      if tonumber(till) > now then
        redis.call('HSET', key, ARGV[i], amount .. ' ' .. string.format('%d', now + ttl))
        keep(key, ttl)
        keep(set, ttl)
      end
    end
  end
end
return 1
)lua";

constexpr std::string_view release_script = R"lua(
local set = ARGV[1] .. 'holder:' .. ARGV[2]
for _, key in ipairs(redis.call('SMEMBERS', set)) do redis.call('HDEL', key, ARGV[2]) end
redis.call('DEL', set)
return 1
)lua";

constexpr std::string_view in_use_script = R"lua(
local _, total = amounts(ARGV[1] .. 'resource:' .. ARGV[2], '')
return string.format('%d', total)
)lua";

struct Address {
  std::string host, password;
  int port = 6379;
  int database = 0;
};

Address parse_address(const std::string& text) {
  const auto url = boost::urls::parse_uri(text);
  if (!url || url->scheme() != "redis" || url->host().empty()) {
    throw core::Error(core::ErrorKind::bad_input, "a Redis URL looks like redis://host:6379/0");
  }
  Address address;
  address.host = url->host();
  address.password = url->password();
  if (url->has_port() && url->port_number() != 0) address.port = url->port_number();
  const std::string path = url->path();
  if (path.size() > 1) {
    const auto [end, failure] = std::from_chars(path.data() + 1, path.data() + path.size(), address.database);
    if (failure != std::errc() || end != path.data() + path.size() || address.database < 0) {
      throw core::Error(core::ErrorKind::bad_input,
                        "the path of a Redis URL is the number of a database: redis://host/0");
    }
  }
  return address;
}

struct FreeContext {
  void operator()(redisContext* context) const noexcept { redisFree(context); }
};
struct FreeReply {
  void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

class RedisResources final : public ResourceCoordinator {
 public:
  explicit RedisResources(RedisOptions options) : options_(std::move(options)), address_(parse_address(options_.url)) {}

  bool acquire(std::string_view holder, std::span<const ResourceRequest> requests, int64_t ttl_ms) override {
    std::vector<std::string> arguments = {std::string(holder), std::to_string(ttl_ms)};
    for (const ResourceRequest& request : requests) {
      arguments.insert(arguments.end(), {request.key, std::to_string(request.amount), std::to_string(request.limit)});
    }
    return run(acquire_script, arguments)->integer == 1;
  }
  void renew(std::span<const std::string_view> holders, int64_t ttl_ms) override {
    if (holders.empty()) return;
    std::vector<std::string> arguments = {std::to_string(ttl_ms)};
    arguments.insert(arguments.end(), holders.begin(), holders.end());
    run(renew_script, arguments);
  }
  void release(std::string_view holder) override { run(release_script, {std::string(holder)}); }
  uint64_t in_use(std::string_view key) override {
    const Reply reply = run(in_use_script, {std::string(key)});
    const std::string_view text(reply->str, reply->len);
    uint64_t amount = 0;
    std::from_chars(text.data(), text.data() + text.size(), amount);
    return amount;
  }

 private:
  Reply run(std::string_view script, const std::vector<std::string>& arguments) {
    const std::lock_guard lock(mutex_);
    if (!context_) connect();
    std::vector<std::string> command = {"EVAL", std::string(common_script) + std::string(script), "0", options_.prefix};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return send(command);
  }

  Reply send(const std::vector<std::string>& command) {
    std::vector<const char*> texts;
    std::vector<size_t> sizes;
    for (const std::string& part : command) {
      texts.push_back(part.data());
      sizes.push_back(part.size());
    }
    Reply reply(static_cast<redisReply*>(
        redisCommandArgv(context_.get(), static_cast<int>(texts.size()), texts.data(), sizes.data())));
    if (!reply) {
      const std::string why = context_->errstr;
      context_.reset();
      throw core::Error(core::ErrorKind::transient, "Redis did not answer: " + why);
    }
    if (reply->type == REDIS_REPLY_ERROR) {
      const std::string why(reply->str, reply->len);
      const bool denied = why.starts_with("NOAUTH") || why.starts_with("WRONGPASS") || why.starts_with("NOPERM");
      throw core::Error(denied ? core::ErrorKind::denied : core::ErrorKind::transient, "Redis refused: " + why);
    }
    return reply;
  }

  void connect() {
    const timeval timeout{options_.timeout_ms / 1000, (options_.timeout_ms % 1000) * 1000};
    std::unique_ptr<redisContext, FreeContext> context(
        redisConnectWithTimeout(address_.host.c_str(), address_.port, timeout));
    if (!context || context->err != 0) {
      throw core::Error(core::ErrorKind::transient,
                        fmt::format("cannot reach Redis at {}:{}: {}", address_.host, address_.port,
                                    context ? context->errstr : "out of memory"));
    }
    redisSetTimeout(context.get(), timeout);
    context_ = std::move(context);
    try {
      if (!address_.password.empty()) send({"AUTH", address_.password});
      if (address_.database != 0) send({"SELECT", std::to_string(address_.database)});
    } catch (...) {
      context_.reset();
      throw;
    }
  }

  RedisOptions options_;
  Address address_;
  std::mutex mutex_;
  std::unique_ptr<redisContext, FreeContext> context_;
};

}  // namespace

std::unique_ptr<ResourceCoordinator> redis_resources(const RedisOptions& options) {
  return std::make_unique<RedisResources>(options);
}

}  // namespace assay::coordinate
