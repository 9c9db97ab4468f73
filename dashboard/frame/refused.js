/* Errors of forms are scrolled into view, and forms are sent by keyboard.
 *
 * A flaw that comes to stand beside a field out of sight is brought into view, and its field gets the focus: whoever
 * pressed a button at the foot of a long form would see nothing happen. So do two versions between which one chooses. What was said of an earlier act goes, so that
 * nobody takes it for the answer. Ctrl+Enter presses the button that says so.
 */
(() => {
  "use strict";

  const FLAW = '#main :is([role="alert"], .both-versions)';
  const REFUSED = ".m-notice-refused, .m-notice-fault, #main .mantine-InputWrapper-error";
  const EARLIER = ":is(.m-notice-done, .m-notice-note) button:not(.m-undo)";
  const shown = (each) => each.checkVisibility() && each.textContent.trim();

  function inSight(each) {
    const box = each.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight;
  }

  new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]).filter((each) => each instanceof Element);
    const comes = (what) => added.some((each) => each.matches(what) || each.querySelector(what));
    if (comes(REFUSED)) for (const close of document.querySelectorAll(EARLIER)) close.click();
    if (!comes(FLAW)) return;
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
