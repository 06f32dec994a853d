// What only a browser can know: how old a run is today, what this reader knew, where the page stands.
// Everything on a page can be read without this file.
(function () {
  "use strict";

  var DAY = 24 * 60 * 60 * 1000;
  var FRESH = 30; // days after which a run counts as old
  var BOXES = [1, 3, 7, 21, 60]; // days until a question of each box is asked again
  var STORE = "handbook.study";

  var words = document.documentElement.lang === "zh" ? {
    search: "搜索", note: "注释 ", old: function (days) { return "这次运行已是 " + days + " 天前。"; },
    due: "，已经过期", test: "自测", show: "看答案", knew: "会了", not: "还不会", stop: "结束自测",
    noted: function (days) { return "记下了，" + days + " 天后再问。"; },
    topic: "主题", level: "难度", all: "全部", open: "还不会", known: "会了",
    progress: function (known, all) { return "会了 " + known + " / " + all; },
    nothing: "现在没有到期的题。去题目页面做一次自测，还不会的题会排进来。",
    waiting: function (count) { return count + " 题到期"; }
  } : {
    search: "Search", note: "Note ", old: function (days) { return "That run is " + days + " days old."; },
    due: ", which has passed", test: "Test yourself", show: "Show the answer", knew: "I knew it", not: "Not yet", stop: "End the test",
    noted: function (days) { return "Noted; it comes back in " + days + (days === 1 ? " day." : " days."); },
    topic: "Topic", level: "Level", all: "All", open: "Not yet", known: "Known",
    progress: function (known, all) { return known + " of " + all + " known"; },
    nothing: "Nothing is due. Test yourself on a question's page; what you did not know comes back here.",
    waiting: function (count) { return count + " due"; }
  };

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

  function make(tag, text, className) {
    var element = document.createElement(tag);
    if (text) element.textContent = text;
    if (className) element.className = className;
    return element;
  }

  function button(text, action) {
    var element = make("button", text, "study-button");
    element.type = "button";
    element.addEventListener("click", action);
    return element;
  }

  // ── Names and keyboard: what Material leaves out. ─────────────────────────────────────────────

  function mend() {
    all(".md-search[role=dialog]").forEach(function (dialog) {
      dialog.setAttribute("aria-label", words.search);
    });
    all("nav.md-code__nav").forEach(function (buttons) {
      buttons.setAttribute("role", "presentation"); // one landmark per block of code is too many
    });
    // A section whose title is a link has an empty label: two of them would share a name.
    all("nav.md-nav[aria-labelledby]").forEach(function (nav) {
      var label = document.getElementById(nav.getAttribute("aria-labelledby"));
      var title = nav.querySelector(".md-nav__title");
      if (!label || label.textContent.trim() || !title) return;
      nav.removeAttribute("aria-labelledby");
      nav.setAttribute("aria-label", title.textContent.trim());
    });
    all(".md-typeset__scrollwrap").forEach(function (table) { table.tabIndex = 0; });
    all(".md-annotation__index").forEach(function (link) {
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

  // ── Dates: a run or a fact that has aged says so, in words and in colour. ─────────────────────

  all(".stamp").forEach(function (stamp) {
    var days = Math.floor((Date.now() - Date.parse(stamp.querySelector("time").dateTime)) / DAY);
    if (days <= FRESH) return;
    stamp.classList.add("aged");
    stamp.append(" ", make("strong", words.old(days)));
  });

  all(".facts[data-review-by]").forEach(function (facts) {
    if (!(Date.parse(facts.dataset.reviewBy) + DAY < Date.now())) return;
    facts.classList.add("aged");
    facts.append(make("strong", words.due));
  });

  // ── Addresses: the section stays when the language changes; programs are named in full. ──────

  all("a.language-switch").forEach(function (link) {
    link.addEventListener("click", function () { link.hash = location.hash || hashInView(); });
  });

  all("code.run").forEach(function (code) {
    code.textContent = "uv run " + new URL(code.dataset.file, location.href).href;
  });

  all(".report a").forEach(function (link) {
    var plain = link.href;
    link.addEventListener("click", function () {
      var where = location.href.split("#")[0] + hashInView();
      var about = where + "\n" + (link.dataset.version || "");
      link.href = plain + "&body=" + encodeURIComponent(about.trim() + "\n\n");
    });
  });

  function hashInView() {
    var above = all("article h2[id], article h3[id]").filter(function (heading) {
      return heading.getBoundingClientRect().top < innerHeight / 2;
    });
    return above.length && scrollY > 0 ? "#" + above[above.length - 1].id : "";
  }

  // ── Study: what this reader knew, kept in this browser. ───────────────────────────────────────

  function load() {
    try { return JSON.parse(localStorage.getItem(STORE)) || {}; } catch (error) { return {}; }
  }

  function mark(name, knew) {
    var notes = load();
    var box = knew ? Math.min(notes[name] ? notes[name].box + 1 : 1, BOXES.length - 1) : 0;
    notes[name] = { box: box, due: Date.now() + BOXES[box] * DAY, knew: knew };
    try { localStorage.setItem(STORE, JSON.stringify(notes)); } catch (error) { /* a private window */ }
    return BOXES[box];
  }

  var about = document.querySelector(".about[data-question]");
  if (about) selfTest(about);

  function selfTest(about) {
    var article = about.closest("article");
    var panel = make("div", "", "study");
    var said = make("p");
    said.setAttribute("role", "status");
    about.after(panel);
    idle();

    function fill() {
      panel.replaceChildren.apply(panel, arguments);
    }
    function idle() {
      article.classList.remove("testing");
      fill(button(words.test, ask), said);
    }
    function ask() {
      said.textContent = "";
      article.classList.add("testing");
      fill(button(words.show, answer), button(words.stop, idle));
      panel.firstChild.focus();
    }
    function answer() {
      article.classList.remove("testing");
      fill(button(words.knew, note(true)), button(words.not, note(false)));
      panel.firstChild.focus();
    }
    function note(knew) {
      return function () {
        said.textContent = words.noted(mark(about.dataset.question, knew));
        idle();
      };
    }
  }

  // ── Lists of questions: filters, progress, and what is due. ───────────────────────────────────

  var lists = all("ol.questions");
  var review = document.querySelector(".review");
  if (review) listDue(review, lists);
  else if (lists.length) filterAndCount(lists);

  function filterAndCount(lists) {
    var notes = load();
    lists.forEach(function (list) {
      var items = all("li", list);
      var known = items.filter(function (item) {
        var note = notes[item.dataset.question];
        item.dataset.state = note && note.knew ? "known" : note ? "open" : "";
        if (note) item.insertBefore(make("span", note.knew ? words.known : words.open, "state"), item.children[1]);
        return note && note.knew;
      });
      if (Object.keys(notes).length) list.before(make("p", words.progress(known.length, items.length), "progress"));
    });
    var levels = select(words.level, [["", words.all], ["1", "1/3"], ["2", "2/3"], ["3", "3/3"]]);
    var controls = make("p", "", "filters");
    var topics = lists.length > 1 && select(words.topic, [["", words.all]].concat(lists.map(function (list) {
      return [list.dataset.topic, list.previousElementSibling && title(list)];
    })));
    if (topics) controls.append(topics.label);
    controls.append(levels.label);
    (lists[0].closest("article").querySelector("h2") || lists[0]).before(controls);

    function title(list) {
      var heading = document.getElementById(list.dataset.topic);
      return heading ? heading.firstChild.textContent.trim() : list.dataset.topic;
    }
    function select(name, options) {
      var label = make("label", name + " ");
      var input = make("select");
      options.forEach(function (option) { input.append(new Option(option[1], option[0])); });
      input.addEventListener("change", apply);
      label.append(input);
      return { label: label, input: input };
    }
    function apply() {
      lists.forEach(function (list) {
        var chosen = !topics || !topics.input.value || topics.input.value === list.dataset.topic;
        var heading = document.getElementById(list.dataset.topic);
        list.hidden = !chosen;
        if (heading) heading.hidden = !chosen;
        all("li", list).forEach(function (item) {
          item.hidden = Boolean(levels.input.value) && item.dataset.level !== levels.input.value;
        });
      });
    }
  }

  function listDue(review, lists) {
    var notes = load();
    var due = all("li[data-question]").filter(function (item) {
      var note = notes[item.dataset.question];
      return note && note.due <= Date.now();
    }).sort(function (one, other) {
      return notes[one.dataset.question].due - notes[other.dataset.question].due;
    });
    lists.forEach(function (list) { list.hidden = true; });
    var list = make("ol", "", "questions");
    list.append.apply(list, due);
    review.append(make("p", due.length ? words.waiting(due.length) : words.nothing), list);
  }
})();
