#include "server/listener.h"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <thread>

#include "core/error.h"

namespace assay::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;
using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

constexpr int most_requests_per_connection = 1000;
constexpr Milliseconds pause_after_failed_accept{100};

/// A page and what is known of it now. Touched only from the event loop.
struct PageState {
  PageSource source;
  Page page;
  Clock::time_point made{};  ///< epoch: never
  bool in_the_making = false;
};

Page safely(const std::function<Page()>& make) {
  try {
    return make();
  } catch (...) {
    return {.status = 500, .body = "this page could not be made; the log tells more\n"};
  }
}

Response plain(unsigned status, std::string_view body) {
  Response response;
  response.result(status);
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.body() = body;
  return response;
}

core::Error listening_failed(const Address& address, const boost::system::error_code& error) {
  const bool is_used = error == asio::error::address_in_use;
  const bool is_denied = error == asio::error::access_denied;
  return {is_used     ? core::ErrorKind::transient
          : is_denied ? core::ErrorKind::denied
                      : core::ErrorKind::bad_input,
          fmt::format("cannot listen at {}:{}: {}", address.host, address.port, error.message())};
}

}  // namespace

class Listener::Implementation {
 public:
  Implementation(const ListenerOptions& options, std::map<std::string, PageSource, std::less<>> pages)
      : options_(options), address_(options.address), acceptor_(io_), slot_free_(io_) {
    for (auto& [path, source] : pages) pages_[path].source = std::move(source);
    open();
    slot_free_.expires_at(Clock::time_point::max());
    asio::co_spawn(io_, accept_connections(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }

  ~Implementation() { stop(); }

  void stop() {
    if (!thread_.joinable()) return;
    io_.stop();
    thread_.join();
    makers_.join();
  }

  const Address& address() const noexcept { return address_; }

 private:
  void open() {
    boost::system::error_code error;
    const auto ip = asio::ip::make_address(address_.host, error);
    if (error) throw listening_failed(address_, error);
    const tcp::endpoint endpoint(ip, address_.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) throw listening_failed(address_, error);
    address_.port = acceptor_.local_endpoint().port();
  }

  asio::awaitable<void> accept_connections() {
    for (;;) {
      boost::system::error_code error;
      while (connections_ >= options_.most_connections)
        co_await slot_free_.async_wait(asio::redirect_error(asio::use_awaitable, error));
      tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error) {  // out of descriptors, or the client was gone before it was there
        asio::steady_timer pause(io_, pause_after_failed_accept);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      ++connections_;
      asio::co_spawn(io_, serve(std::move(socket)), [this](const std::exception_ptr&) {
        --connections_;
        slot_free_.cancel();
      });
    }
  }

  asio::awaitable<void> serve(tcp::socket socket) {
    beast::tcp_stream stream(std::move(socket));
    beast::flat_buffer buffer(2 * static_cast<size_t>(options_.most_header_bytes));
    for (int i = 0; i < most_requests_per_connection; ++i) {
      http::request_parser<http::empty_body> parser;
      parser.header_limit(options_.most_header_bytes);
      stream.expires_after(Milliseconds(options_.request_time_limit_ms));
      boost::system::error_code error;
      co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
      if (!error && !parser.is_done()) error = http::error::unexpected_body;
      Response response = error ? refusal(error) : co_await answer(parser.get());
      if (response.result_int() == 0) break;  // nobody is there to be answered
      const bool goes_on = !error && parser.get().keep_alive() && i + 1 < most_requests_per_connection;
      const bool is_head = !error && parser.get().method() == http::verb::head;
      co_await send(stream, std::move(response), goes_on, is_head, error);
      if (error || !goes_on) break;
    }
    boost::system::error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  asio::awaitable<void> send(beast::tcp_stream& stream, Response response, bool goes_on, bool is_head,
                             boost::system::error_code& error) {
    response.version(11);
    response.keep_alive(goes_on);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.prepare_payload();
    http::response_serializer<http::string_body> serializer(response);
    stream.expires_after(Milliseconds(options_.request_time_limit_ms));
    boost::system::error_code failed;
    if (is_head)
      co_await http::async_write_header(stream, serializer, asio::redirect_error(asio::use_awaitable, failed));
    else co_await http::async_write(stream, serializer, asio::redirect_error(asio::use_awaitable, failed));
    if (failed) error = failed;
  }

  static Response refusal(const boost::system::error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
      return plain(431, "the request's header is too large\n");
    if (error == http::error::unexpected_body || error == http::error::body_limit)
      return plain(413, "a request here has no body\n");
    if (error.category() == http::make_error_code(http::error::bad_method).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message)
      return plain(400, "this is no HTTP request\n");
    Response nothing;
    nothing.result(0U);
    return nothing;
  }

  asio::awaitable<Response> answer(const Request& request) {
    if (request.method() != http::verb::get && request.method() != http::verb::head) {
      Response response = plain(405, "only GET and HEAD\n");
      response.set(http::field::allow, "GET, HEAD");
      co_return response;
    }
    const std::string_view target(request.target().data(), request.target().size());
    const auto found = pages_.find(target.substr(0, target.find('?')));
    if (found == pages_.end()) {
      std::string list = "there are these pages:\n";
      for (const auto& [path, _] : pages_) list += path + "\n";
      co_return plain(404, list);
    }
    const Page page = co_await current(found->second);
    Response response = plain(page.status, page.body);
    response.set(http::field::content_type, page.content_type);
    co_return response;
  }

  asio::awaitable<Page> current(PageState& state) {
    if (!state.source.may_block) co_return safely(state.source.make);
    const auto deadline = Clock::now() + Milliseconds(options_.page_time_limit_ms);
    const auto is_fresh = [&state] {
      return state.made != Clock::time_point{} && Clock::now() - state.made < Milliseconds(state.source.keep_ms);
    };
    if (!is_fresh()) start_making(state);
    while (state.in_the_making) {
      if (Clock::now() >= deadline) co_return Page{.status = 503, .body = "this page takes too long to make\n"};
      // Whoever finishes a page cancels this timer, which wakes all that wait.
      asio::steady_timer limit(io_, deadline);
      boost::system::error_code ignored;
      waiting_.push_back(&limit);
      co_await limit.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      std::erase(waiting_, &limit);
    }
    co_return state.page;
  }

  void start_making(PageState& state) {
    if (state.in_the_making) return;
    state.in_the_making = true;
    asio::post(makers_, [this, &state] {
      Page page = safely(state.source.make);
      asio::post(io_, [this, &state, page = std::move(page)]() mutable {
        state.page = std::move(page);
        state.made = Clock::now();
        state.in_the_making = false;
        for (auto* timer : waiting_) timer->cancel();
      });
    });
  }

  ListenerOptions options_;
  Address address_;
  std::map<std::string, PageState, std::less<>> pages_;
  asio::io_context io_{1};
  asio::thread_pool makers_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer slot_free_;
  std::vector<asio::steady_timer*> waiting_;
  size_t connections_ = 0;
  std::thread thread_;
};

Listener::Listener(const ListenerOptions& options, std::map<std::string, PageSource, std::less<>> pages)
    : implementation_(std::make_unique<Implementation>(options, std::move(pages))) {}

Listener::~Listener() = default;

const Address& Listener::address() const noexcept { return implementation_->address(); }

void Listener::stop() { implementation_->stop(); }

}  // namespace assay::server
