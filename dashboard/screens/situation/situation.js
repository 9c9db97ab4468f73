// The situation screen in the browser: a new number lights up; Escape puts the definition away.
(() => {
  "use strict";
  /* A number that is not what it was lights up for a moment: at once and at once no more, as each frame between would
     cost the page more than the number itself. */
  const LIT_MS = 2400, timers = new WeakMap();
  const lit = new MutationObserver((changes) => {
    const around = changes.map(({ target }) => (target.nodeType === Node.TEXT_NODE ? target.parentElement : target));
    for (const tile of new Set(around.map((each) => each?.closest(".kpi-tile")))) {
      const number = tile?.querySelector(".kpi-number");
      if (!number || tile.dataset.was === number.textContent) continue;
      tile.dataset.was = number.textContent;
      tile.classList.add("kpi-tile--new");
      clearTimeout(timers.get(tile));
      timers.set(tile, setTimeout(() => tile.classList.remove("kpi-tile--new"), LIT_MS));
    }
  });
  const light = (page) => {
    lit.disconnect();
    for (const tile of page.querySelectorAll(".kpi-tile")) {
      tile.dataset.was = tile.querySelector(".kpi-number")?.textContent ?? "";
      lit.observe(tile, { subtree: true, childList: true, characterData: true });
    }
  };
  let page = null;
  new MutationObserver(() => {
    const here = document.getElementById("situation-page");
    if (here && here !== page) light(page = here);
  }).observe(document.documentElement, { childList: true, subtree: true });

  window.dash_clientside.muster_situation = {
    /* The tile whose definition is open says so. */
    opened(kpi) {
      for (const tile of document.querySelectorAll("button.kpi-tile")) {
        tile.setAttribute("aria-expanded", String(tile.id === `situation-tile-${kpi}`));
      }
      return window.dash_clientside.no_update;
    },
    /* The address names the moment of the past that is shown: what leaves the live screen can be gone back from. */
    address(at, level, scope, figure) {
      const query = new URLSearchParams(location.search), was = query.get("at");
      for (const [name, value] of Object.entries({ level, scope, figure, at })) {
        if (at && value) query.set(name, value);
      }
      if (!at) query.delete("at");
      const to = location.pathname + (query.size ? `?${query}` : "");
      if ((was || null) !== (at || null)) history[was && at ? "replaceState" : "pushState"](history.state, "", to);
      return window.dash_clientside.no_update;
    },
  };

  addEventListener("popstate", () => {
    if (!document.getElementById("situation-page")) return;
    window.dash_clientside.set_props("situation-at", { data: new URLSearchParams(location.search).get("at") });
  });

  document.addEventListener("keydown", (event) => {
    const definition = document.getElementById("situation-definition");
    if (event.key === "Escape" && definition && !definition.hidden) {
      document.getElementById("situation-definition-close").click();
    }
  });
})();
