/* Open folds and focus are kept when a part of the page is drawn again.
 *
 * A fold (details) that was opened or closed by hand is remembered under the first field inside it that has an id, or
 * else under the nearest enclosing id and its own summary; a new fold with the same name gets the same state before the
 * next paint. A change of page forgets all of it. Typed text is kept by Dash (`frame/interactions.py`).
 */
(() => {
  "use strict";

  const OURS = ':not([id^="mantine-"])'; // Mantine's own ids are others at every drawing
  let folds = new Map(), page = "", focused = null;

  const inside = (fold) => fold.querySelector(`:is(input, textarea, select)[id]${OURS}`);
  const words = (fold) => fold.querySelector(":scope > summary")?.textContent || "";

  function name(fold) {
    if (fold.id) return fold.id;
    const field = inside(fold), around = fold.parentElement?.closest(`[id]${OURS}`);
    if (field) return `${field.id} ${words(fold)}`;
    const alike = around ? [...around.querySelectorAll("details")].filter((each) => words(each) === words(fold)) : [fold];
    return `${around ? around.id : ""} ${words(fold)} ${alike.indexOf(fold)}`;
  }

  addEventListener("click", (event) => {
    const summary = event.target instanceof Element && event.target.closest("summary, a, button, input");
    const fold = summary && summary.localName === "summary" && summary.parentElement;
    if (!(fold instanceof HTMLDetailsElement)) return;
    if (page !== location.pathname) { page = location.pathname; folds = new Map(); }
    folds.set(name(fold), !fold.open);
  });

  addEventListener("focusin", ({ target }) => {
    const fold = target.localName === "summary" && target.parentElement;
    focused = { target, id: target.id, fold: fold ? name(fold) : "" };
  });

  const found = (added, selector) =>
    added.flatMap((each) => [...(each.matches(selector) ? [each] : []), ...each.querySelectorAll(selector)]);

  /* A list or a calendar opens when its field gets the focus: of one that gets it back nobody hears. */
  const unheard = (event) => {
    if (event.target.matches("[aria-haspopup], [data-dates-input]")) event.stopImmediatePropagation();
  };

  /* Put the focus on what came in the place of what had it, the cursor where it was. */
  function refocus(added) {
    const { target, id, fold } = focused;
    const now = id ? document.getElementById(id)
      : fold && found(added, "details").find((each) => name(each) === fold)?.querySelector(":scope > summary");
    if (!now) return;
    addEventListener("focusin", unheard, { capture: true });
    now.focus({ preventScroll: true });
    removeEventListener("focusin", unheard, { capture: true });
    focused = { target: now, id, fold };
    if (typeof target.selectionStart !== "number" || typeof now.selectionStart !== "number") return;
    now.setSelectionRange(target.selectionStart, target.selectionEnd);
  }

  new MutationObserver((changes) => {
    const added = changes.flatMap((each) => [...each.addedNodes]).filter((each) => each instanceof Element && each.isConnected);
    if (!added.length) return;
    if (page === location.pathname && folds.size) {
      for (const fold of found(added, "details")) {
        const open = folds.get(name(fold));
        if (open !== undefined && fold.open !== open) fold.open = open;
      }
    }
    const lost = focused && !focused.target.isConnected && document.activeElement === document.body;
    if (lost) refocus(added);
    if (lost) focused = focused.target.isConnected ? focused : null;
  }).observe(document, { childList: true, subtree: true });
})();
