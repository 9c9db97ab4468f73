/* Lists on paper: each grid as a table of all that it shows now, with its marking and heading on every page. */
(() => {
  const NONE = "";
  const made = (name, words, parent) => {
    const element = document.createElement(name);
    element.textContent = words;
    parent.append(element);
    return element;
  };
  const words = (selector) => document.querySelector(selector)?.textContent.trim() || NONE;
  const headed = () => {
    const spoken = document.documentElement.lang || "en";
    const moment = new Intl.DateTimeFormat(spoken === "en" ? "en-GB" : spoken, {
      dateStyle: "medium", timeStyle: "short", timeZone: "UTC", numberingSystem: "latn",
    }).format(new Date());
    const person = document.querySelector('[data-menu="person"]')?.getAttribute("aria-label") || NONE;
    return [words("#shell-marking"), words(".m-operation-title"), words("main h1"), person, `${moment} UTC`]
      .filter(Boolean).join(" · ");
  };
  const table = (api) => {
    const drawn = document.createElement("table");
    drawn.className = "m-grid-printed";
    const head = made("thead", NONE, drawn), body = made("tbody", NONE, drawn);
    const columns = api.getAllDisplayedColumns().filter((each) => each.getColDef().field);
    const mark = made("th", headed(), made("tr", NONE, head));
    mark.colSpan = columns.length || 1;
    mark.className = "m-grid-printed-mark";
    const names = made("tr", NONE, head);
    columns.forEach((each) => made("th", api.getDisplayNameForColumn(each, "header"), names));
    api.forEachNodeAfterFilterAndSort((node) => {
      const line = made("tr", NONE, body);
      columns.forEach((each) => {
        const said = api.getCellValue({ rowNode: node, colKey: each, useFormatter: true });
        made("td", said === null || said === undefined ? NONE : String(said), line);
      });
    });
    return drawn;
  };
  window.addEventListener("beforeprint", () => {
    for (const grid of document.querySelectorAll(".m-grid-body > [id]")) {
      const api = window.dash_ag_grid?.getApi(grid.id);
      if (api && !api.isDestroyed()) grid.closest(".m-grid").after(table(api));
    }
  });
  window.addEventListener("afterprint", () => {
    for (const each of document.querySelectorAll(".m-grid-printed")) each.remove();
  });
})();
