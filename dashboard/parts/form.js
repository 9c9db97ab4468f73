/* Conditional fields: shown only while another field has one of certain values (`DraftForm.wire`). */
(() => {
  "use strict";

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, {
    asked_while: (value, wanted) => !wanted.includes(value),
  });
})();
