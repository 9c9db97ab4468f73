/* Confirmation dialog before an irreversible step, with its consequences.
 *
 * A button that asks has the question in data-confirm, the consequences in data-follows, and the labels of both answers.
 * Its click is stopped here before any other listener, and dispatched again after a yes: so the dialog also covers keys,
 * scripts and callbacks that know nothing of it.
 */
(() => {
  "use strict";

  let answered = null;

  function part(kind, words, more = {}) {
    const made = document.createElement(kind);
    made.textContent = words;
    return Object.assign(made, more);
  }

  function ask(button) {
    const { confirm, follows, yes, no } = button.dataset;
    const dialog = document.createElement("dialog");
    dialog.className = "m-confirm";
    dialog.setAttribute("role", "alertdialog");
    dialog.setAttribute("aria-labelledby", "m-confirm-question");
    dialog.setAttribute("aria-describedby", "m-confirm-follows");
    const back = part("button", no, { type: "button", className: "m-confirm-no", autofocus: true });
    const go = part("button", yes, { type: "button", className: "m-confirm-yes" });
    const answers = document.createElement("div");
    answers.className = "m-confirm-answers";
    answers.append(back, go);
    dialog.append(
      part("h2", confirm, { id: "m-confirm-question" }), part("p", follows, { id: "m-confirm-follows" }), answers);
    back.addEventListener("click", () => dialog.close());
    go.addEventListener("click", () => dialog.close("yes"));
    dialog.addEventListener("close", () => {
      dialog.remove();
      const still = button.isConnected ? button : button.id && document.getElementById(button.id);
      still?.focus();
      if (dialog.returnValue !== "yes" || !still) return;
      answered = still;
      still.click();
      answered = null;
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-confirm]");
    if (!button || button.disabled || button === answered) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!document.querySelector("dialog.m-confirm")) ask(button);
  }, { capture: true });
})();
