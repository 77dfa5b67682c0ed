#pragma once

#include <gsf/gsf-outfile-msole.h>
#include <gsf/gsf-outfile.h>
#include <gsf/gsf-output-memory.h>

#include <map>
#include <string>
#include <string_view>

#include "extract/ole/gsf_bridge.h"

namespace assay::extract {

/// Makes compound files for tests: streams by path ("Storage/Stream"), storages as needed.
class CompoundFileMaker {
 public:
  CompoundFileMaker& stream(const std::string& path, std::string content) {
    Node* node = &root_;
    std::string_view rest = path;
    for (size_t slash; (slash = rest.find('/')) != std::string_view::npos; rest.remove_prefix(slash + 1))
      node = &node->storages[std::string(rest.substr(0, slash))];
    node->streams[std::string(rest)] = std::move(content);
    return *this;
  }

  std::string bytes() const {
    gsf_init();
    GsfOutput* memory = gsf_output_memory_new();
    GsfOutfile* ole = gsf_outfile_msole_new(memory);
    write(ole, root_);
    gsf_output_close(GSF_OUTPUT(ole));
    g_object_unref(ole);
    std::string out(reinterpret_cast<const char*>(gsf_output_memory_get_bytes(GSF_OUTPUT_MEMORY(memory))),
                    static_cast<size_t>(gsf_output_size(memory)));
    g_object_unref(memory);
    return out;
  }

 private:
  struct Node {
    std::map<std::string, Node> storages;
    std::map<std::string, std::string> streams;
  };

  static void write(GsfOutfile* storage, const Node& node) {
    for (const auto& [name, child] : node.storages) {
      GsfOutput* out = gsf_outfile_new_child(storage, name.c_str(), TRUE);
      write(GSF_OUTFILE(out), child);
      gsf_output_close(out);
      g_object_unref(out);
    }
    for (const auto& [name, content] : node.streams) {
      GsfOutput* out = gsf_outfile_new_child(storage, name.c_str(), FALSE);
      gsf_output_write(out, content.size(), reinterpret_cast<const guint8*>(content.data()));
      gsf_output_close(out);
      g_object_unref(out);
    }
  }

  Node root_;
};

}  // namespace assay::extract
