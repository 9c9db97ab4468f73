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
  let page = null, marking = 0, chosen = "";
  new MutationObserver(() => {
    const here = document.getElementById("situation-page");
    if (here && here !== page) {
      light(page = here);
      chosen = new URLSearchParams(location.search).get("chosen") || ""; // before any script is told of it
    }
    if (here && chosen && !marking) marking = requestAnimationFrame(() => { marking = 0; mark(); });
  }).observe(document.documentElement, { childList: true, subtree: true });

  // ---------------------------------------------------------- a country or a site, chosen everywhere on the page
  const MAP = "situation-map";
  const atlas = () => window.musterAtlas;
  const sites = (state) => (state?.scene?.features || []).filter(({ properties }) => properties.kind === "site");
  const country = () => {
    const site = sites(atlas()?.maps?.get(MAP)).find(({ id }) => id === chosen);
    return site ? site.properties.country : chosen;
  };
  /* What is of the chosen country stands out, and the buttons of what is chosen are pressed. */
  const mark = () => {
    const of = country();
    for (const part of page.querySelectorAll("li[data-of], td[data-of]")) {
      const whose = part.matches("td") ? [part.dataset.of] : part.dataset.of.split(" ");
      part.closest("li, tr").toggleAttribute("data-chosen", !!of && whose.includes(of));
    }
    for (const button of page.querySelectorAll("button[data-pick][aria-pressed]")) {
      const pressed = String(!!chosen && button.dataset.pick === chosen);
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    }
    const chart = page.querySelector("#situation-countries .js-plotly-plot, #situation-countries.js-plotly-plot");
    if (!chart?.data || !window.Plotly) return;
    const points = chart.data.map(({ ids }) => {
      const at = of && ids ? ids.indexOf(of) : -1;
      return at < 0 ? null : [at];
    });
    const none = points.every((each) => !each);
    const wanted = points.map((each) => (none ? null : each || []));
    const was = chart.data.map(({ selectedpoints }) => selectedpoints ?? null);
    if (JSON.stringify(was) !== JSON.stringify(wanted)) window.Plotly.restyle(chart, { selectedpoints: wanted });
  };
  const pick = (what) => {
    window.dash_clientside.set_props("situation-chosen", { data: what === chosen ? "" : what });
  };
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("#situation-page button[data-pick]");
    if (button) pick(button.dataset.pick);
  });

  /* The map flies to what is chosen elsewhere, and back to the whole. */
  const NEAR = 7;
  const onMap = (state) => {
    const of = sites(state).filter(({ id, properties }) => id === chosen || properties.country === chosen);
    const known = state.selected?.id ?? state.selected?.country ?? "";
    if (chosen ? !of.length || known === chosen : !known) return;
    if (chosen) state.touched = true; // the first view of the map is not taken again
    const places = of.map(({ geometry: { coordinates } }) => coordinates);
    atlas().mark(state, !chosen ? null : of[0].id === chosen ? { type: "site", id: chosen } : { type: "country", country: chosen });
    if (!chosen) atlas().fly(state, state.settings.view || state.settings.whole);
    else if (of.length > 1) atlas().fly(state, window.L.latLngBounds(places.map(([lon, lat]) => [lat, lon])));
    else atlas().fly(state, null, places[0], Math.max(state.map.getZoom(), NEAR));
  };
  const shared = (window.musterAtlas = window.musterAtlas || {});
  (shared.parts = shared.parts || []).push({
    chosen(state) { if (state.id === MAP) onMap(state); },
    placed(state) { if (state.id === MAP && chosen && !state.selected) setTimeout(() => onMap(state), 0); },
  });

  window.dash_clientside.muster_situation = {
    chosen(what) {
      chosen = what || "";
      if (page) mark();
      atlas()?.deliver?.(MAP, "chosen", chosen);
    },
    /* A sign of the map, or a bar of a chart. */
    picked(sign) {
      const what = sign?.points ? sign.points[0].id : sign?.type === "site" ? sign.id : null;
      if (what) pick(what);
    },
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
    if (event.key !== "Escape" || !definition) return;
    if (!definition.hidden) document.getElementById("situation-definition-close").click();
    else if (chosen) pick("");
  });
})();
