#include "extract/ole/gsf_bridge.h"

#include <gsf/gsf-input-impl.h>

#include <span>

namespace assay::extract {
namespace {

struct BridgeInput {
  GsfInput base;
  GsfSource* source;
  guint8* buffer;
  size_t buffer_size;
};

struct BridgeInputClass {
  GsfInputClass base;
};

BridgeInput* as_bridge(gpointer object) { return static_cast<BridgeInput*>(object); }

const guint8* bridge_read(GsfInput* input, size_t size, guint8* out) {
  auto* bridge = as_bridge(input);
  if (out == nullptr) {
    if (bridge->buffer_size < size) {
      g_free(bridge->buffer);
      bridge->buffer = static_cast<guint8*>(g_try_malloc(size));
      bridge->buffer_size = bridge->buffer == nullptr ? 0 : size;
    }
    out = bridge->buffer;
    if (out == nullptr) return nullptr;
  }
  try {
    const auto offset = static_cast<uint64_t>(gsf_input_tell(input));
    const size_t n = bridge->source->input->read_at(offset, std::span(reinterpret_cast<char*>(out), size));
    return n == size ? out : nullptr;
  } catch (...) {
    bridge->source->failure = std::current_exception();
    return nullptr;
  }
}

// The base class keeps the position, and bridge_read() goes by it.
gboolean bridge_seek(GsfInput*, gsf_off_t, GSeekType) { return FALSE; }

GsfInput* bridge_dup(GsfInput* input, GError**) { return make_gsf_input(*as_bridge(input)->source).release(); }

void bridge_finalize(GObject* object) {
  g_free(as_bridge(object)->buffer);
  auto* parent = G_OBJECT_CLASS(g_type_class_peek(GSF_INPUT_TYPE));
  parent->finalize(object);
}

void bridge_class_init(gpointer type_class, gpointer) {
  G_OBJECT_CLASS(type_class)->finalize = bridge_finalize;
  auto* input_class = GSF_INPUT_CLASS(type_class);
  input_class->Dup = bridge_dup;
  input_class->Read = bridge_read;
  input_class->Seek = bridge_seek;
}

GType bridge_type() {
  static const GType type =
      g_type_register_static_simple(GSF_INPUT_TYPE, "AssayGsfInput", sizeof(BridgeInputClass), bridge_class_init,
                                    sizeof(BridgeInput), nullptr, static_cast<GTypeFlags>(0));
  return type;
}

}  // namespace

GsfInputPtr make_gsf_input(GsfSource& source) {
  GsfInputPtr input(static_cast<GsfInput*>(g_object_new(bridge_type(), nullptr)));
  as_bridge(input.get())->source = &source;
  gsf_input_set_size(input.get(), static_cast<gsf_off_t>(source.input->size()));
  return input;
}

}  // namespace assay::extract
