// The situation screen between two pulses: silence grows by itself, so it is read again every five minutes; and Escape
// puts the definition away.
(() => {
  "use strict";
  const EVERY_MS = 5 * 60 * 1000;
  let minutes = 0;

  setInterval(() => {
    if (!document.hidden && document.getElementById("situation-page")) {
      minutes += 1;
      window.dash_clientside.set_props("situation-minutes", {data: minutes});
    }
  }, EVERY_MS);

  /* The address names the moment of the past that is shown: what leaves the live screen can be gone back from. */
  window.dash_clientside.muster_situation = {
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
