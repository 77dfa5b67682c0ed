#include "tests/support/mongodb_server.h"

#include <mongoc/mongoc.h>

#include <filesystem>
#include <stdexcept>

namespace assay::test {
namespace {

struct Destroy {
  void operator()(bson_t* one) const { bson_destroy(one); }
  void operator()(mongoc_uri_t* one) const { mongoc_uri_destroy(one); }
  void operator()(mongoc_client_t* one) const { mongoc_client_destroy(one); }
  void operator()(mongoc_collection_t* one) const { mongoc_collection_destroy(one); }
};

std::unique_ptr<mongoc_client_t, Destroy> client_of(const MongodbServer& server) {
  const std::unique_ptr<mongoc_uri_t, Destroy> uri(mongoc_uri_new(server.url().c_str()));
  mongoc_uri_set_password(uri.get(), MongodbServer::password);
  return std::unique_ptr<mongoc_client_t, Destroy>(mongoc_client_new_from_uri(uri.get()));
}

std::unique_ptr<bson_t, Destroy> parsed(const std::string& json) {
  bson_error_t error;
  std::unique_ptr<bson_t, Destroy> bson(
      bson_new_from_json(reinterpret_cast<const uint8_t*>(json.data()), static_cast<ssize_t>(json.size()), &error));
  if (!bson) throw std::runtime_error(std::string("no extended JSON: ") + error.message);
  return bson;
}

}  // namespace

MongodbServer& MongodbServer::shared() {
  static MongodbServer server;
  return server;
}

MongodbServer::MongodbServer() {
  mongoc_init();
  mongoc_log_set_handler(nullptr, nullptr);
  const std::string program = installed_server("ferretdb");
  server_ = std::make_unique<BackgroundServer>([&](int port, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder / "data");
    return std::vector<std::string>{program,
                                    "--handler=sqlite",
                                    "--sqlite-url=file:" + (folder / "data").string() + "/",
                                    "--state-dir=" + folder.string(),
                                    "--listen-addr=127.0.0.1:" + std::to_string(port),
                                    "--debug-addr=-",
                                    "--telemetry=disable",
                                    "--log-level=ERROR",
                                    "--test-enable-new-auth",
                                    "--setup-database=admin",
                                    std::string("--setup-username=") + user,
                                    std::string("--setup-password=") + password};
  });
}

std::string MongodbServer::url(int port, const std::string& database) {
  return std::string("mongodb://") + user + "@127.0.0.1:" + std::to_string(port) + "/" + database +
         "?authSource=admin&serverSelectionTimeoutMS=2000";
}

void MongodbServer::insert(const std::string& database, const std::string& collection,
                           const std::vector<std::string>& documents) const {
  const auto client = client_of(*this);
  const std::unique_ptr<mongoc_collection_t, Destroy> handle(
      mongoc_client_get_collection(client.get(), database.c_str(), collection.c_str()));
  constexpr size_t batch = 1000;
  for (size_t at = 0; at < documents.size(); at += batch) {
    std::vector<std::unique_ptr<bson_t, Destroy>> list;
    std::vector<const bson_t*> pointers;
    for (size_t i = at; i < std::min(at + batch, documents.size()); ++i) {
      list.push_back(parsed(documents[i]));
      pointers.push_back(list.back().get());
    }
    bson_error_t error;
    if (!mongoc_collection_insert_many(handle.get(), pointers.data(), pointers.size(), nullptr, nullptr, &error))
      throw std::runtime_error(std::string("the server takes no documents: ") + error.message);
  }
}

std::string MongodbServer::run(const std::string& database, const std::string& command) const {
  const auto client = client_of(*this);
  const auto question = parsed(command);
  bson_t reply;
  bson_error_t error;
  const bool is_ok =
      mongoc_client_command_simple(client.get(), database.c_str(), question.get(), nullptr, &reply, &error);
  char* text = bson_as_relaxed_extended_json(&reply, nullptr);
  const std::string answer = text;
  bson_free(text);
  bson_destroy(&reply);
  if (!is_ok) throw std::runtime_error(std::string("the server does not do it: ") + error.message);
  return answer;
}

}  // namespace assay::test
