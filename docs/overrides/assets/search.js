// Search: what Material's own does not ask, and does not pass on.

export function mendSearch() {
  const query = document.querySelector("[data-md-component=search-query]");
  // It asks when a key comes up; none does after a paste, or a click on what an input method offers.
  query?.addEventListener("input", () => query.dispatchEvent(new Event("keyup")));
  // A page whose sections have the words is told none to mark.
  document.addEventListener("click", event => {
    const result = event.target.closest(".md-search-result__link");
    if (!result) return;
    const url = new URL(result.href);
    if (!url.searchParams.get("h")) url.searchParams.set("h", query.value.trim());
    result.href = url;
  });
}
