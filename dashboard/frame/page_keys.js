/* "?" lists the keys that do something now: those that parts of the page declare, and those of buttons in sight. */
(() => {
  "use strict";
  const make = (kind, about = {}, ...inside) => {
    const made = document.createElement(kind);
    for (const [name, value] of Object.entries(about)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  };
  const shown = (element) => element.getClientRects().length > 0;
  const label = (button) => {
    if (button.getAttribute("aria-label")) return button.getAttribute("aria-label");
    const copy = button.cloneNode(true);
    copy.querySelectorAll("kbd, .m-kbd").forEach((key) => key.remove());
    return copy.textContent.trim();
  };
  const rows = () => {
    const found = new Map();
    for (const part of document.querySelectorAll("[data-keys]")) {
      if (shown(part)) for (const [key, words] of JSON.parse(part.dataset.keys)) found.set(key, words);
    }
    const declared = new Set([...found.keys()].flatMap((keys) => keys.split(/[,;]\s*/)));
    for (const button of document.querySelectorAll("[aria-keyshortcuts]")) {
      const key = button.getAttribute("aria-keyshortcuts").replace("Control", "Ctrl");
      if (shown(button) && !declared.has(key)) found.set(key, label(button));
    }
    return [...found];
  };

  function open() {
    const words = JSON.parse(document.getElementById("shell-palette")?.dataset.palette || "null");
    if (!words || document.querySelector("dialog[open]")) return;
    const listed = [...rows(), ["?", words.keysTitle]].map(([key, said]) =>
      make("div", {}, make("dt", {}, make("kbd", { class: "m-key" }, key)), make("dd", {}, said)));
    const dialog = make("dialog", { class: "m-palette m-keys", "aria-labelledby": "m-keys-title" },
      make("div", { class: "m-palette-head" }, make("h2", { id: "m-keys-title" }, words.keysTitle),
        make("button", { type: "button", class: "m-palette-close", autofocus: "" }, words.close)),
      make("dl", { tabindex: "0" }, ...listed));
    dialog.addEventListener("click", ({ target }) => { if (target === dialog || target.closest(".m-palette-close")) dialog.close(); });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable]');
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
    event.preventDefault();
    open();
  });
  addEventListener("click", ({ target }) => { if (target instanceof Element && target.closest("#shell-keys")) setTimeout(open, 50); });
})();
