/* Open lists of options: updates of the part of the page around an open list wait until it is closed, or until nobody
 * has touched anything for a minute. A redraw would close the list under the finger, and lose the typed search text.
 *
 * Responses to callbacks wait here, like late responses: of two for one callback Dash draws the later one only. Updates
 * that come with the pulse are dropped, and afterwards the server is sent the marks of what the page shows (`pulse.js`).
 */
(() => {
  "use strict";

  /* As long as a list is open, Mantine names it at its field; of a calendar it says only that there is one. */
  const OPEN = "[aria-haspopup][aria-controls], :root:has([data-dates-dropdown]) [data-dates-input]";
  const MOST = 60000, MOMENT = 150; // after the choice, which Dash is to know before the part is drawn
  const ELSEWHERE = "_pages_content"; // who goes to another page chooses no more
  let touched = 0;

  for (const kind of ["pointerdown", "keydown", "input"]) {
    addEventListener(kind, () => { touched = Date.now(); }, { passive: true, capture: true });
  }

  const choosing = (id, property) => property === "children" && id !== ELSEWHERE && Date.now() - touched < MOST &&
    document.getElementById(id)?.querySelector(OPEN) != null;

  /* Until in none of `places`, each [element, property], somebody chooses. */
  const chosen = async (places) => {
    while (places.some((place) => choosing(...place))) await new Promise((done) => setTimeout(done, MOMENT));
  };

  const fetched = window.fetch;
  window.fetch = async (input, options) => {
    const answer = await fetched(input, options);
    if (!new URL(input.url ?? input, location.href).pathname.endsWith("/_dash-update-component")) return answer;
    const read = answer.json.bind(answer);
    answer.json = async () => {
      const said = await read();
      await chosen(Object.entries(said.response ?? {}).flatMap(([id, set]) => Object.keys(set).map((name) => [id, name])));
      return said;
    };
    return answer;
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, { choosing, chosen });
})();
