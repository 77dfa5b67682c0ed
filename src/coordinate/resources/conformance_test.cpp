#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "coordinate/resources/redis_server_test.h"
#include "coordinate/resources/resources.h"
#include "core/error.h"

namespace assay::coordinate {
namespace {

/// A backend under test, and how its time passes.
struct Backend {
  virtual ~Backend() = default;
  virtual ResourceCoordinator& resources() = 0;
  virtual void pass_a_little_time() = 0;
};

struct MemoryBackend : Backend {
  ResourceCoordinator& resources() override { return *made; }
  void pass_a_little_time() override { clock.advance(10); }
  core::ManualClock clock;
  std::unique_ptr<ResourceCoordinator> made = memory_resources(clock);
};

struct StoreBackend : Backend {
  StoreBackend() {
    store::StoreOptions options;
    options.durable = false;
    options.now_ms = [this] { return clock.now_ms(); };
    store = store::Store::open(options, true);
    made = store_resources(*store);
  }
  ResourceCoordinator& resources() override { return *made; }
  void pass_a_little_time() override { clock.advance(10); }
  core::ManualClock clock;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<ResourceCoordinator> made;
};

struct RedisBackend : Backend {
  ResourceCoordinator& resources() override { return *made; }
  void pass_a_little_time() override { std::this_thread::yield(); }
  testing::RedisServer server;
  std::unique_ptr<ResourceCoordinator> made = redis_resources({.url = server.url()});
};

using Make = std::function<std::unique_ptr<Backend>()>;

class ResourceConformance : public ::testing::TestWithParam<std::pair<const char*, Make>> {
 protected:
  bool acquire(std::string_view holder, std::vector<ResourceRequest> requests, int64_t ttl_ms = 60'000) {
    return resources.acquire(holder, requests, ttl_ms);
  }
  void renew(std::string_view holder, int64_t ttl_ms) { resources.renew({&holder, 1}, ttl_ms); }
  bool eventually(const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      backend->pass_a_little_time();
    }
    return true;
  }
  std::unique_ptr<Backend> backend = GetParam().second();
  ResourceCoordinator& resources = backend->resources();
};

TEST_P(ResourceConformance, GivesUntilTheLimitIsReached) {
  EXPECT_TRUE(acquire("a", {{"tasks", 2, 3}}));
  EXPECT_FALSE(acquire("b", {{"tasks", 2, 3}}));
  EXPECT_TRUE(acquire("b", {{"tasks", 1, 3}}));
  EXPECT_EQ(resources.in_use("tasks"), 3U);
  resources.release("a");
  EXPECT_EQ(resources.in_use("tasks"), 1U);
  EXPECT_TRUE(acquire("c", {{"tasks", 2, 3}}));
}

TEST_P(ResourceConformance, AllOrNothing) {
  EXPECT_TRUE(acquire("a", {{"memory", 5, 5}}));
  EXPECT_FALSE(acquire("b", {{"tasks", 1, 3}, {"memory", 1, 5}}));
  EXPECT_FALSE(acquire("b", {{"memory", 1, 5}, {"tasks", 1, 3}}));
  EXPECT_EQ(resources.in_use("tasks"), 0U);
  EXPECT_EQ(resources.in_use("memory"), 5U);
}

TEST_P(ResourceConformance, AskingAgainSetsTheAmountInsteadOfAdding) {
  EXPECT_TRUE(acquire("a", {{"tasks", 2, 4}, {"memory", 7, 10}}));
  EXPECT_TRUE(acquire("a", {{"tasks", 4, 4}}));
  EXPECT_EQ(resources.in_use("tasks"), 4U);
  EXPECT_EQ(resources.in_use("memory"), 7U) << "what was not named stays";
  EXPECT_FALSE(acquire("a", {{"tasks", 5, 4}}));
  EXPECT_EQ(resources.in_use("tasks"), 4U) << "a refusal changes nothing";
  EXPECT_TRUE(acquire("a", {{"tasks", 1, 4}}));
  EXPECT_EQ(resources.in_use("tasks"), 1U);
}

TEST_P(ResourceConformance, ALimitOfZeroIsNone) {
  EXPECT_TRUE(acquire("a", {{"tasks", 1'000'000, 0}}));
  EXPECT_TRUE(acquire("b", {{"tasks", 1'000'000, 0}}));
  EXPECT_EQ(resources.in_use("tasks"), 2'000'000U);
}

TEST_P(ResourceConformance, LargeAmountsAreExact) {
  constexpr uint64_t tebibyte = 1ULL << 40;
  EXPECT_TRUE(acquire("a", {{"memory", tebibyte - 1, tebibyte}}));
  EXPECT_FALSE(acquire("b", {{"memory", 2, tebibyte}}));
  EXPECT_TRUE(acquire("b", {{"memory", 1, tebibyte}}));
  EXPECT_EQ(resources.in_use("memory"), tebibyte);
}

TEST_P(ResourceConformance, WhatIsNotRenewedIsFree) {
  EXPECT_TRUE(acquire("a", {{"tasks", 3, 3}}, 50));
  EXPECT_TRUE(eventually([&] { return resources.in_use("tasks") == 0; }));
  EXPECT_TRUE(acquire("b", {{"tasks", 3, 3}}));
  renew("a", 60'000);
  EXPECT_EQ(resources.in_use("tasks"), 3U) << "what ran out is not renewed";
}

TEST_P(ResourceConformance, WhatIsRenewedStays) {
  EXPECT_TRUE(acquire("a", {{"tasks", 1, 2}}, 2'000));
  EXPECT_TRUE(acquire("b", {{"tasks", 1, 2}}, 100));
  renew("a", 600'000);
  EXPECT_TRUE(eventually([&] { return resources.in_use("tasks") == 1; }));
  EXPECT_TRUE(acquire("b", {{"tasks", 1, 2}}, 60'000));
  EXPECT_FALSE(acquire("c", {{"tasks", 1, 2}}, 60'000));
}

TEST_P(ResourceConformance, ReleasingWhatIsNotHeldIsNothing) {
  resources.release("nobody");
  renew("nobody", 1'000);
  resources.renew({}, 1'000);
  EXPECT_EQ(resources.in_use("nothing"), 0U);
}

TEST_P(ResourceConformance, NeverMoreThanTheLimitFromManyThreads) {
  std::atomic<int> got{0};
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 10; ++i) {
        if (acquire(std::to_string(thread) + "/" + std::to_string(i), {{"tasks", 1, 7}, {"connections", 1, 9}})) ++got;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(got, 7);
  EXPECT_EQ(resources.in_use("tasks"), 7U);
  EXPECT_EQ(resources.in_use("connections"), 7U);
}

INSTANTIATE_TEST_SUITE_P(Backends, ResourceConformance,
                         ::testing::Values(std::pair("memory", Make([] { return std::make_unique<MemoryBackend>(); })),
                                           std::pair("store", Make([] { return std::make_unique<StoreBackend>(); })),
                                           std::pair("redis", Make([] { return std::make_unique<RedisBackend>(); }))),
                         [](const auto& info) { return info.param.first; });

TEST(RedisResources, RefusesUrlsThatAreNone) {
  for (const char* url : {"", "localhost", "http://host", "redis://", "redis://host/x", "redis://host/-1"}) {
    EXPECT_THROW(redis_resources({.url = url}), core::Error) << url;
  }
}

TEST(RedisResources, SaysThatRedisIsGone) {
  auto server = std::make_unique<testing::RedisServer>();
  const auto resources = redis_resources({.url = server->url(), .timeout_ms = 2'000});
  EXPECT_EQ(resources->in_use("x"), 0U);
  server->kill();
  for (int i = 0; i < 2; ++i) {
    try {
      resources->in_use("x");
      FAIL() << "nobody is there";
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::transient);
    }
  }
}

}  // namespace
}  // namespace assay::coordinate
