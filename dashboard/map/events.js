/* Hits in view, as counts that the server computes for it.
 *
 * The server clusters points by the cells of a grid, so that there are never hundreds of thousands; a moved map requests
 * them again.
 */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];

  const PAUSE = 120; // milliseconds without a move before the server is asked

  function ask(state) {
    clearTimeout(state.eventsTimer);
    if (!state.eventsOn || !state.settings.events) return;
    state.eventsTimer = setTimeout(() => {
      const box = state.map.getBounds().pad(0.2);
      const clip = (value, most) => Math.max(-most, Math.min(most, value)).toFixed(3);
      const bbox = [clip(box.getWest(), 180), clip(box.getSouth(), 85), clip(box.getEast(), 180), clip(box.getNorth(), 85)];
      const mine = (state.eventsAsked = (state.eventsAsked || 0) + 1);
      fetch(`${state.settings.events}?bbox=${bbox.join(',')}&zoom=${Math.round(state.map.getZoom())}`, {credentials: 'same-origin'})
        .then((answer) => (answer.ok ? answer.json() : null))
        .then((found) => { if (found && mine === state.eventsAsked && state.eventsOn) paint(state, found); })
        .catch(() => {}); // an unreachable server is told by the shell, and the next move asks again
    }, PAUSE);
  }

  /* {lon: [], lat: [], n: [], sums: []}: arrays, because a name per value would be most of the bytes. */
  function paint(state, {lon, lat, n, total}) {
    const old = state.eventMarks;
    const group = L.layerGroup();
    const {words} = state.settings;
    const numbers = new Intl.NumberFormat(`${document.documentElement.dataset.locale || 'en'}-u-nu-latn`, {notation: 'compact'});
    for (let k = 0; k < lon.length; k += 1) {
      const radius = Math.min(24, 14 + 1.1 * Math.log2(1 + total[k]));
      const bubble = new atlas.Bubble([lat[k], lon[k]], {radius, number: numbers.format(total[k])});
      const note = words.events.replace('{hits}', numbers.format(total[k])).replace('{places}', numbers.format(n[k]));
      atlas.tooltip(bubble, note, words.events_note);
      group.addLayer(bubble);
    }
    group.addTo(state.map);
    group.eachLayer((layer) => layer.bringToBack());
    state.eventMarks = group;
    if (old) old.remove();
    state.frame.dataset.events = String(lon.length);
  }

  /** Turn the layer on or off. */
  atlas.showEvents = function (state, on) {
    state.eventsOn = on;
    if (!on && state.eventMarks) {
      state.eventMarks.remove();
      state.eventMarks = null;
    }
    ask(state);
  };

  atlas.parts.push({
    adopt(state) { state.map.on('moveend', () => ask(state)); },
    scene: ask,
    restyle: ask,
  });
})();
