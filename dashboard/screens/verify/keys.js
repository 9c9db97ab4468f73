/* The keys of the verify page. They work while the focus is inside its desk and not in a field (WCAG 2.1.4); a tick box is
 * none, as nothing is typed into it.
 *
 * A report climbs by V only when it is the one in the middle and has been there for a moment: a key that is pressed
 * twice never verifies a report that nobody has seen.
 */
(function () {
  "use strict";

  const SEEN_AFTER = 400;
  let seen = { version: null, at: 0 };
  let told = 0;
  let intent = "verify-give-back";

  const items = () => [...document.querySelectorAll(".verify-list .verify-item")];
  const current = () => document.querySelector('.verify-list [aria-current="true"]');
  const inField = (node) => node.closest("input:not([type=checkbox]), textarea, select, [role=combobox], [role=listbox]");

  function step(by) {
    const all = items();
    const here = document.activeElement?.closest(".verify-list li")?.querySelector(".verify-item") || current();
    const place = all.indexOf(here);
    const next = all[place < 0 ? 0 : Math.min(Math.max(place + by, 0), all.length - 1)];
    if (!next) return;
    next.focus();
    if (next !== current()) next.click();
  }

  function verify(event) {
    const shown = document.querySelector(".verify-middle [data-version]");
    const chosen = current();
    const looked = shown && chosen && shown.dataset.version === chosen.dataset.version && seen.version === shown.dataset.version;
    if (event.repeat) return;
    if (looked && performance.now() - seen.at >= SEEN_AFTER) document.getElementById("verify-do")?.click();
    else tell();
  }

  /* A press that came before the report could be seen is not taken, and says so. */
  function tell() {
    const place = document.getElementById("verify-too-quick");
    if (!place) return;
    place.hidden = false;
    window.clearTimeout(told);
    told = window.setTimeout(() => { place.hidden = true; }, 2500);
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
      a: () => document.getElementById("verify-pick-all")?.click(), r: () => setAside("verify-give-back"), x: () => document.getElementById("verify-reject") && setAside("verify-reject"),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) { event.preventDefault(); act(); return; }
    if (event.key === "Enter" && event.target.matches(".verify-item")) {
      window.setTimeout(() => document.querySelector(".verify-middle h2")?.focus(), 150);
    }
  });

  /* After an act the focus goes on to what is in the middle now, unless the person is somewhere else on purpose.
   *
   * The list is drawn anew by every act and by the pulse, before or after the middle, and its places hold other reports
   * then; where the focus is dropped to the body no key does anything, and nobody is told. So the desk remembers that it
   * has the keyboard, and on which report it stood.
   */
  let held = false;   // the focus was inside the desk, and nobody has taken it elsewhere
  let at = null;      // what the list said of the report on which the keyboard stands
  let open = null;    // the choice in the middle
  let acted = false;  // something was decided: the focus follows to what comes next
  let watched = null;
  const lost = () => !document.activeElement || document.activeElement === document.body || document.activeElement.id === "main";
  const is = (item) => ["what", "id", "line"].every((name) => JSON.parse(item.dataset.ask)[name] === open[name]);
  const next = () => (open && items().find(is)) || current() || items()[0] || document.querySelector(".verify-list");
  const go = (item) => item?.focus({ preventScroll: true });

  const watcher = new MutationObserver(() => { if (held && lost()) go(next()); });

  document.addEventListener("focusin", (event) => {
    const desk = event.target.closest?.(".verify-desk");
    held = Boolean(desk);
    at = event.target.closest?.(".verify-item")?.dataset.ask || null;
    if (!desk || desk === watched) return;
    watcher.disconnect();
    watcher.observe(desk, { childList: true, subtree: true });
    watched = desk;
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest?.("button, a, input, select, textarea, summary, [tabindex]")) held = false;
  }, true);
  document.addEventListener("click", (event) => { if (event.target.closest?.(".verify-side button")) acted = true; });

  function settle() {
    const shown = document.querySelector(".verify-middle [data-version]");
    seen = { version: shown?.dataset.version || null, at: performance.now() };
    // Who has not acted and stands beside the report, on its reason say, came there on purpose: drawing takes nobody away.
    const follows = acted && document.activeElement?.closest(".verify-list, .verify-side");
    acted = false;
    if (follows) go(next());
    else arrive(60);
  }

  function listed() {
    if (!document.activeElement?.closest(".verify-list")) return;
    const same = items().find((item) => item.dataset.ask === at) || next();
    if (same !== document.activeElement) go(same);
  }

  function arrive(frames) {
    if (lost()) go(next());
    if (frames) window.requestAnimationFrame(() => arrive(frames - 1));
  }

  const drawn = (act) => {
    window.requestAnimationFrame(() => window.requestAnimationFrame(act));
    return window.dash_clientside.no_update;
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    muster: Object.assign({}, (window.dash_clientside || {}).muster, {
      verifyShown(_side, chosen) { open = chosen || null; return drawn(settle); },
      verifyListed() { return drawn(listed); },
      verifyPickAll(_clicks, picks) { const all = picks.every(Boolean); return picks.map(() => !all); },
    }),
  });
})();
