/* Whoever chooses from a list goes on choosing: what comes for the part of the page around its field waits until the list
 * is closed, or nobody has touched anything for a minute. Drawn anew, the part would close it under the finger, and what
 * was typed to search it would be gone.
 *
 * What was asked for waits here, as an answer that is late: of two of one callback Dash draws the later one alone. What
 * comes with the pulse is let go, and the server told afterwards what the page shows (`pulse.js`).
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
