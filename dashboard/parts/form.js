/* Forms: fields that are asked only while another holds one of some values (`DraftForm.wire`), one brought into view, and
   buttons that wait for the last letter typed. */
(() => {
  "use strict";

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, {
    asked_while: (value, wanted) => !wanted.includes(value),

    /* A form that was filled in opens, and its field has the focus. */
    bring_into_view: (filled, id) => {
      const field = filled && document.getElementById(id);
      if (!field) return;
      const fold = field.closest("details");
      if (fold) fold.open = true;
      requestAnimationFrame(() => {
        field.scrollIntoView({ block: "center" });
        field.focus({ preventScroll: true });
      });
    },
  });

  /* A field hands on what is typed a moment later: a button that is pressed sooner, by a key, waits for it, or it would send
     less than the screen shows. No hand is at the mouse so soon. */
  const ARRIVES = 200; // ms
  let typed = -Infinity;
  document.addEventListener("input", ({ isTrusted, timeStamp }) => { if (isTrusted) typed = timeStamp; }, true);
  document.addEventListener("click", (event) => {
    const button = event.isTrusted && event.detail === 0 && event.target.closest?.("button");
    const left = typed + ARRIVES - event.timeStamp;
    if (!button || left <= 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const press = () => (button.isConnected ? button : document.getElementById(button.id))?.click();
    setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(press)), left);
  }, true);
})();
