// Names what Material leaves without a name, and lets the keyboard reach what scrolls.
(function () {
  "use strict";
  var chinese = document.documentElement.lang === "zh";
  var words = chinese ? { search: "搜索", note: "注释 " } : { search: "Search", note: "Note " };

  function mend() {
    document.querySelectorAll(".md-search[role=dialog]").forEach(function (dialog) {
      dialog.setAttribute("aria-label", words.search);
    });
    document.querySelectorAll("nav.md-code__nav").forEach(function (buttons) {
      buttons.setAttribute("role", "presentation"); // one landmark per block of code is too many
    });
    document.querySelectorAll(".md-typeset__scrollwrap").forEach(function (table) {
      table.tabIndex = 0;
    });
    document.querySelectorAll(".md-annotation__index").forEach(function (link) {
      var number = link.querySelector("[data-md-annotation-id]");
      if (number) link.setAttribute("aria-label", words.note + number.dataset.mdAnnotationId);
    });
  }

  // Material adds these elements when it starts and when a block comes into view.
  var waiting = false;
  new MutationObserver(function () {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(function () { waiting = false; mend(); });
  }).observe(document.body, { childList: true, subtree: true });
  mend();
})();
