/* The keys of the verify page. They work while the focus is inside its desk and not in a field (WCAG 2.1.4).
 *
 * A report climbs by V only when it is the one in the middle and has been there for a moment: a key that is pressed
 * twice never verifies a report that nobody has seen.
 */
(function () {
  "use strict";

  const SEEN_AFTER = 400;
  let seen = { version: null, at: 0 };
  let intent = "verify-give-back";

  const items = () => [...document.querySelectorAll(".verify-list .verify-item")];
  const current = () => document.querySelector('.verify-list [aria-current="true"]');
  const inField = (node) => node.closest("input, textarea, select, [role=combobox], [role=listbox]");

  function step(by) {
    const all = items();
    const place = all.indexOf(current());
    const next = all[place < 0 ? 0 : Math.min(Math.max(place + by, 0), all.length - 1)];
    if (!next) return;
    next.focus();
    if (next !== current()) next.click();
  }

  function verify(event) {
    const shown = document.querySelector(".verify-middle [data-version]");
    const chosen = current();
    const looked = shown && chosen && shown.dataset.version === chosen.dataset.version && seen.version === shown.dataset.version;
    if (!event.repeat && looked && performance.now() - seen.at >= SEEN_AFTER) document.getElementById("verify-do")?.click();
  }

  /* R and X lead to the reason first; once there is one, the same key does it. */
  function setAside(button) {
    intent = button;
    const reason = document.getElementById("verify-return-reason");
    if (reason && !reason.value) reason.focus();
    else document.getElementById(button)?.click();
  }

  document.addEventListener("keydown", (event) => {
    const desk = event.target.closest?.(".verify-desk");
    if (!desk) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.closest(".verify-side")) {
      event.preventDefault();
      if (event.repeat) return;
      // A field tells Dash what it holds a moment after the last key: the button waits for it.
      window.setTimeout(() => (document.getElementById(intent) || document.getElementById("verify-answer-hit"))?.click(), 80);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
    const act = {
      j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1), v: () => verify(event),
      r: () => setAside("verify-give-back"), x: () => document.getElementById("verify-reject") && setAside("verify-reject"),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) { event.preventDefault(); act(); return; }
    if (event.key === "Enter" && event.target.matches(".verify-item")) {
      window.setTimeout(() => document.querySelector(".verify-middle h2")?.focus(), 150);
    }
  });

  /* After an act the focus goes on to the next one on the list, unless the person is somewhere else on purpose. */
  function settle() {
    const shown = document.querySelector(".verify-middle [data-version]");
    seen = { version: shown?.dataset.version || null, at: performance.now() };
    if (document.activeElement?.closest(".verify-list, .verify-side")) (current() || items()[0])?.focus({ preventScroll: true });
    else take(30);
  }

  function take(frames) {
    const active = document.activeElement;
    if (!active || active === document.body || active.id === "main") (current() || items()[0])?.focus({ preventScroll: true });
    if (frames) window.requestAnimationFrame(() => take(frames - 1));
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    muster: Object.assign({}, (window.dash_clientside || {}).muster, {
      verifyShown() { window.requestAnimationFrame(() => window.requestAnimationFrame(settle)); return window.dash_clientside.no_update; },
    }),
  });
})();
