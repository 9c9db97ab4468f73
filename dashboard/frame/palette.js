/* The command palette: Ctrl+K or its button opens it; the server answers what this person may open (frame/palette.py). */
(() => {
  "use strict";
  const PAUSE = 60, KEPT = "muster-opened", MOST = 8;
  let dialog = null, timer = 0, asked = 0, active = -1;

  const button = () => document.getElementById("shell-palette");
  const opened = () => { try { return JSON.parse(localStorage.getItem(KEPT)) || []; } catch { return []; } };
  const keep = (href) => {
    try { localStorage.setItem(KEPT, JSON.stringify([href, ...opened().filter((known) => known !== href)].slice(0, MOST))); }
    catch { /* no storage: nothing is remembered */ }
  };
  const make = (kind, about = {}, ...inside) => {
    const made = document.createElement(kind);
    for (const [name, value] of Object.entries(about)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  };
  const part = (name) => dialog.querySelector(name);
  const options = () => [...dialog.querySelectorAll('[role="option"]')];

  function open() {
    const words = button() && JSON.parse(button().dataset.palette);
    if (!words || dialog) return;
    const field = make("input", { type: "search", role: "combobox", "aria-label": words.label, placeholder: words.hint, autocomplete: "off", spellcheck: "false",
      "aria-expanded": "true", "aria-controls": "m-palette-list", "aria-autocomplete": "list", enterkeyhint: "go" });
    dialog = make("dialog", { class: "m-palette", "aria-label": words.label },
      make("div", { class: "m-palette-head" }, field, make("button", { type: "button", class: "m-palette-close" }, words.close)),
      make("div", { id: "m-palette-list", role: "listbox", "aria-label": words.label }),
      make("p", { class: "m-palette-none", role: "status" }));
    dialog.addEventListener("close", () => { dialog.remove(); dialog = null; });
    dialog.addEventListener("click", ({ target }) => {
      const row = target.closest('[role="option"]');
      if (row) go(row);
      else if (target === dialog || target.closest(".m-palette-close")) dialog.close();
    });
    dialog.addEventListener("keydown", keys);
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
    ask();
  }

  async function ask() {
    const mine = (asked += 1);
    const query = new URLSearchParams({ q: part("input").value, here: location.pathname });
    for (const href of opened()) query.append("recent", href);
    let found = null;
    try {
      const answer = await fetch(`/data/palette?${query}`, { credentials: "same-origin" });
      if (answer.ok) found = await answer.json();
    } catch { /* no network: said below */ }
    if (dialog && mine === asked) show(found);
  }

  function show(found) {
    const words = JSON.parse(button().dataset.palette);
    let count = 0;
    part("#m-palette-list").replaceChildren(...(found || []).map(({ name, entries }, at) =>
      make("div", { role: "group", "aria-labelledby": `m-palette-group-${at}` },
        make("h2", { id: `m-palette-group-${at}`, role: "presentation" }, name),
        ...entries.map(({ label, note, href, icon }) => {
          const drawn = make("span", { class: "m-icon", "aria-hidden": "true" });
          const mask = `url(/assets/vendor/icons/${icon}.svg)`;
          Object.assign(drawn.style, { inlineSize: "18px", blockSize: "18px", maskImage: mask, webkitMaskImage: mask });
          return make("div", { role: "option", id: `m-palette-${(count += 1)}`, "data-href": href, "aria-selected": "false" },
            drawn, make("span", {}, make("bdi", {}, label)), make("small", {}, make("bdi", {}, note)));
        }))));
    part(".m-palette-none").textContent = found === null ? words.unread : count ? "" : words.none;
    point(0);
  }

  function point(to) {
    const rows = options();
    active = rows.length ? (to + rows.length) % rows.length : -1;
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === active)));
    if (active < 0) return part("input").removeAttribute("aria-activedescendant");
    part("input").setAttribute("aria-activedescendant", rows[active].id);
    rows[active].scrollIntoView({ block: "nearest" });
    return null;
  }

  function go(row) {
    const { href } = row.dataset;
    keep(href);
    dialog.close();
    history.pushState({}, "", href);
    dispatchEvent(new CustomEvent("_dashprivate_pushstate")); // as a link of Dash does: no page is loaded
  }

  function keys(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); point(active + step); }
    else if (event.key === "Escape") { event.preventDefault(); dialog.close(); }
    else if (event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); if (active >= 0) go(options()[active]); }
    event.stopPropagation();
  }

  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k" || !button()) return;
    event.preventDefault();
    if (dialog) dialog.close(); else open();
  }, { capture: true });
  addEventListener("click", ({ target }) => { if (target instanceof Element && target.closest("#shell-palette")) open(); });
})();
