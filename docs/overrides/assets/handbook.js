// What only a browser can know: how old a run is today, what this reader knew, where the page stands.
// Everything on a page can be read without these files.

import { fillReports, keepSection, namePrograms } from "./addresses.js";
import { ageFacts, ageRuns } from "./dates.js";
import { keepMending } from "./names.js";
import { mendSearch } from "./search.js";

keepMending();
keepSection();
mendSearch();
complete();
document.addEventListener("handbook:shown", complete); // The preview has put in a new article.

function complete() {
  ageRuns();
  ageFacts();
  namePrograms();
  fillReports();
  const lengths = document.querySelector(".reading");
  if (lengths) import("./reading.js").then(({ offerLengths }) => offerLengths(lengths.closest("article")));
  if (document.querySelector("figure.drawing")) import("./figures.js").then(({ offerFigures }) => offerFigures());
  if (document.querySelector("a.term")) import("./terms.js").then(({ explainTerms }) => explainTerms());
  const table = document.querySelector("article table");
  if (table) import("./tables.js").then(({ layTables }) => layTables(table.closest("article")));
  if (document.querySelector(".highlight .filename small")) {
    import("./programs.js").then(({ offerPrograms }) => offerPrograms());
  }
  const about = document.querySelector(".about[data-question]");
  if (about) import("./study.js").then(({ offerTest }) => offerTest(about));
  const form = document.querySelector("form.calculator");
  if (form) import("./calculator.js").then(({ offerCalculator }) => offerCalculator(form));
  const door = document.querySelector(".doors a[href$='questions/review/']");
  if (door) import("./notes.js").then(({ invite }) => invite(door));
  if (document.querySelector(".run-here")) import("./running.js").then(({ offerRuns }) => offerRuns());
  const round = document.querySelector(".round");
  if (round) import("./rounds.js").then(({ playRounds }) => playRounds(round));
  const judge = document.querySelector(".run-here[data-program$='/judge.py']");
  if (judge) import("./judging.js").then(({ offerJudge }) => offerJudge(judge));
  if (document.querySelector("ol.questions, .review")) {
    import("./lists.js").then(({ showLists }) => showLists());
  }
}
