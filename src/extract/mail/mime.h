#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extractor.h"
#include "extract/mail/header.h"
#include "extract/mail/lines.h"
#include "extract/mail/transfer.h"

namespace assay::extract {

/// Walks one message (RFC 5322, MIME: RFC 2045 and 2046) line by line in constant memory: headers and bodies become
/// texts, attachments and messages inside become members. Malformed messages are read as far as their lines tell.
class MimeWalker {
 public:
  /// `prefix` stands before the names of parts and members ("message 7"), "" for a file that is one message.
  MimeWalker(LineSource& lines, const Context& context, Sink& sink, std::string prefix);

  /// Reads to the end of the source.
  void walk();

 private:
  struct Multipart {
    std::string boundary;  ///< "" while it is not known
    bool seen = false;     ///< a boundary line was met
    bool digest = false;
    bool encrypted = false;
  };
  struct BoundaryHit {
    size_t level = 0;
    bool closes = false;
  };
  /// What the headers of a part say about its body.
  struct Leaf {
    ParameterizedValue type;
    std::string file_name;
    TransferEncoding encoding = TransferEncoding::identity;
    bool attached = false;
  };

  bool next_body_line(Line& line);
  std::optional<BoundaryHit> match_boundary(std::string_view line) const;
  bool adopt_boundary(std::string_view line);

  void read_entity(const HeaderBlock& headers, bool top);
  void read_leaf(const Leaf& leaf);
  void read_text(const Leaf& leaf, bool html);
  void read_member(const Leaf& leaf);
  void read_uu_member(std::string_view name);
  void read_loose_text();
  void skip_body();
  Leaf describe(const HeaderBlock& headers) const;
  std::string part_name(std::string_view what) const;
  std::string member_name(std::string_view name) const;
  void spool_member(std::string_view name, TransferEncoding encoding,
                    const std::function<bool(const Line&)>& last_line);

  LineSource& lines_;
  const Context& context_;
  Sink& sink_;
  std::string prefix_;
  std::vector<Multipart> open_;
  std::optional<BoundaryHit> hit_;  ///< the boundary line that ended the last body
  bool at_end_ = false;
  size_t parts_ = 0;
};

}  // namespace assay::extract
