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

  document.addEventListener("keydown", (event) => {
    const definition = document.getElementById("situation-definition");
    if (event.key === "Escape" && definition && !definition.hidden) {
      document.getElementById("situation-definition-close").click();
    }
  });
})();
