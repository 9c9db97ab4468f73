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
    if (window.musterGrids.waiting.has(api)) made("td", api.getGridOption("context").more, made("tr", NONE, body)).colSpan = columns.length;
    return drawn;
  };
  /* Every page of paper has its heading and number in the margin; a chart is drawn as wide as the paper, and whole. */
  const margins = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, margins];
  const chart = (box) => {
    const [wide, high] = [box.offsetWidth, box.offsetHeight];
    box.style.setProperty("--printed", `${wide} / ${high}`);
    for (const svg of box.querySelectorAll(".main-svg")) svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
  };
  window.addEventListener("beforeprint", () => {
    margins.replaceSync(`@page { margin: 18mm 12mm 15mm; @top-left { content: ${JSON.stringify(headed())}; font: 8pt sans-serif; }
      @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }`);
    document.querySelectorAll(".svg-container").forEach(chart);
    for (const grid of document.querySelectorAll(".m-grid-body > [id]")) {
      const api = window.dash_ag_grid?.getApi(grid.id);
      if (api && !api.isDestroyed()) grid.closest(".m-grid").after(table(api));
    }
  });
  window.addEventListener("afterprint", () => {
    for (const each of document.querySelectorAll(".m-grid-printed")) each.remove();
    for (const svg of document.querySelectorAll(".main-svg")) svg.removeAttribute("viewBox");
  });
})();
