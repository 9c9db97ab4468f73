/* Errors of forms are scrolled into view, and forms are sent by keyboard.
 *
 * An error at a field out of view is scrolled into view, and its field gets the focus: otherwise a person who pressed a
 * button at the foot of a long form would see nothing happen. Ctrl+Enter presses the button that is marked for it.
 */
(() => {
  "use strict";

  const FLAW = '#main [role="alert"]';
  const shown = (each) => each.checkVisibility() && each.textContent.trim();

  function inSight(each) {
    const box = each.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight;
  }

  new MutationObserver((changes) => {
    const fresh = changes.flatMap((change) => [...change.addedNodes])
      .some((each) => each instanceof Element && (each.matches(FLAW) || each.querySelector(FLAW)));
    if (!fresh) return;
    const flaws = [...document.querySelectorAll(FLAW)].filter(shown);
    if (!flaws.length || flaws.some(inSight)) return;
    flaws[0].scrollIntoView({ block: "center" });
    flaws[0].parentElement.querySelector("input:not([type=hidden]), textarea, select")?.focus({ preventScroll: true });
  }).observe(document.documentElement, { childList: true, subtree: true });

  addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    const button = [...document.querySelectorAll('#main button[aria-keyshortcuts="Control+Enter"]')].find(shown);
    if (!button || button.disabled) return;
    event.preventDefault();
    document.activeElement?.blur(); // some fields say what was typed once they are left
    button.click();
  });
})();
