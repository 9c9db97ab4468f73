/* Forms: fields that are asked only while another holds one of some values (`DraftForm.wire`), and one brought into view. */
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
})();
