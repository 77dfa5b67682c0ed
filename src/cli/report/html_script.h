#pragma once

#include <string_view>

namespace assay::cli::html {

/// The page's script: filters, sorts and pages the findings of the data block. It makes elements and sets their text;
/// it never makes HTML from text.
inline constexpr std::string_view script = R"js(
(function () {
  "use strict";
  var SENSITIVITIES = ["low", "medium", "high", "critical"];
  var OBJECT = 0, WHERE = 1, ENTITY = 2, RULE = 3, SENSITIVITY = 4, CONFIDENCE = 5, SHOWN = 6, REASONS = 7;
  var PAGE_ROWS = 50, PRINTED_ROWS = 1000;

  var table = document.getElementById("table");
  if (!table) return;
  var data = JSON.parse(document.getElementById("data").textContent);
  var body = table.tBodies[0];
  var byId = function (id) { return document.getElementById(id); };
  var inputs = { text: byId("f-text"), entity: byId("f-entity"), sensitivity: byId("f-sensitivity"), confidence: byId("f-confidence") };
  var sort = { key: "sensitivity", descending: true };
  var matching = [];
  var page = 0;
  var haystacks = [];

  function count(n) { return n.toLocaleString("en-US"); }

  function element(name, text, className) {
    var made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function haystack(index) {
    if (haystacks[index] === undefined) {
      var row = data.rows[index];
      haystacks[index] = [data.objects[row[OBJECT]], row[WHERE], data.entities[row[ENTITY]], data.rules[row[RULE]], row[SHOWN]].join("\n").toLowerCase();
    }
    return haystacks[index];
  }

  function compareText(a, b) { return a < b ? -1 : a > b ? 1 : 0; }
  var comparers = {
    entity: function (a, b) { return compareText(data.entities[a[ENTITY]], data.entities[b[ENTITY]]); },
    sensitivity: function (a, b) { return a[SENSITIVITY] - b[SENSITIVITY] || a[CONFIDENCE] - b[CONFIDENCE]; },
    object: function (a, b) { return compareText(data.objects[a[OBJECT]], data.objects[b[OBJECT]]); },
    confidence: function (a, b) { return a[CONFIDENCE] - b[CONFIDENCE]; }
  };

  function select() {
    var words = inputs.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    var entity = inputs.entity.value === "" ? -1 : Number(inputs.entity.value);
    var sensitivity = Number(inputs.sensitivity.value);
    var confidence = Number(inputs.confidence.value);
    matching = [];
    for (var i = 0; i < data.rows.length; ++i) {
      var row = data.rows[i];
      if (row[SENSITIVITY] < sensitivity || row[CONFIDENCE] < confidence || (entity >= 0 && row[ENTITY] !== entity)) continue;
      if (words.every(function (word) { return haystack(i).includes(word); })) matching.push(i);
    }
    var compare = comparers[sort.key];
    var sign = sort.descending ? -1 : 1;
    matching.sort(function (a, b) { return sign * compare(data.rows[a], data.rows[b]) || a - b; });
    page = 0;
    show();
  }

  function rowElement(row) {
    var tr = element("tr");
    var what = element("td", data.entities[row[ENTITY]]);
    what.append(element("small", data.rules[row[RULE]]));
    var sensitivity = element("td");
    sensitivity.append(element("span", SENSITIVITIES[row[SENSITIVITY]], "badge s-" + SENSITIVITIES[row[SENSITIVITY]]));
    var where = element("td");
    where.append(element("code", data.objects[row[OBJECT]]));
    if (row[WHERE]) where.append(element("small", row[WHERE]));
    var sample = element("td");
    sample.append(element("code", row[SHOWN]));
    var confidence = element("td", undefined, "num");
    var details = element("details");
    details.append(element("summary", row[CONFIDENCE].toFixed(2)));
    var steps = element("ul");
    row[REASONS].split("; ").forEach(function (step) { steps.append(element("li", step)); });
    details.append(steps);
    confidence.append(details);
    tr.append(what, sensitivity, where, sample, confidence);
    return tr;
  }

  function fill(from, to) {
    var fragment = document.createDocumentFragment();
    matching.slice(from, to).forEach(function (index) { fragment.append(rowElement(data.rows[index])); });
    body.replaceChildren(fragment);
  }

  function show() {
    var pages = Math.max(1, Math.ceil(matching.length / PAGE_ROWS));
    page = Math.min(Math.max(page, 0), pages - 1);
    var from = page * PAGE_ROWS, to = Math.min(from + PAGE_ROWS, matching.length);
    fill(from, to);
    byId("status").textContent = matching.length === 0 ? "No finding matches these filters."
      : count(from + 1) + " to " + count(to) + " of " + count(matching.length) +
        (matching.length === data.rows.length ? " findings" : " that match, of " + count(data.rows.length) + " findings");
    byId("p-shown").textContent = "Page " + count(page + 1) + " of " + count(pages);
    byId("p-first").disabled = byId("p-previous").disabled = page === 0;
    byId("p-last").disabled = byId("p-next").disabled = page === pages - 1;
  }

  function turn(id, target) {
    byId(id).addEventListener("click", function () {
      page = target();
      show();
    });
  }
  turn("p-first", function () { return 0; });
  turn("p-previous", function () { return page - 1; });
  turn("p-next", function () { return page + 1; });
  turn("p-last", function () { return Infinity; });

  table.tHead.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-sort]");
    if (!button) return;
    var key = button.dataset.sort;
    sort = { key: key, descending: sort.key === key ? !sort.descending : key === "sensitivity" || key === "confidence" };
    table.tHead.querySelectorAll("th").forEach(function (th) { th.removeAttribute("aria-sort"); });
    button.closest("th").setAttribute("aria-sort", sort.descending ? "descending" : "ascending");
    select();
  });

  data.entities.map(function (name, index) { return [name, index]; }).sort(function (a, b) { return compareText(a[0], b[0]); })
    .forEach(function (entity) {
      var option = element("option", entity[0]);
      option.value = String(entity[1]);
      inputs.entity.append(option);
    });

  var form = document.querySelector(".filters");
  var waiting = 0;
  function showConfidence() { byId("f-confidence-shown").textContent = Number(inputs.confidence.value).toFixed(2); }
  form.addEventListener("input", function () {
    showConfidence();
    clearTimeout(waiting);
    waiting = setTimeout(select, 120);
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () {
    setTimeout(function () {
      showConfidence();
      select();
    }, 0);
  });

  document.querySelectorAll("a[data-entity]").forEach(function (link) {
    link.addEventListener("click", function () {
      var index = data.entities.indexOf(link.dataset.entity);
      if (index < 0) return;
      inputs.entity.value = String(index);
      select();
    });
  });

  addEventListener("beforeprint", function () { fill(0, PRINTED_ROWS); });
  addEventListener("afterprint", show);
  showConfidence();
  select();
})();
)js";

}  // namespace assay::cli::html
