/* Fields that are asked only while another holds one of some values: `DraftForm.wire`. */
(() => {
  "use strict";

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, {
    asked_while: (value, wanted) => !wanted.includes(value),
  });
})();
