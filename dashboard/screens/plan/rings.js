/* Rings around a place and measured lines. The server measures; this draws, and counts along while a line is drawn. */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];
  const MAP = 'plan-map';
  const METRES = {km: 1000, nm: 1852, mi: 1609.344};
  let unit = 'km';

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.muster_map = Object.assign(window.dash_clientside.muster_map || {}, {
    around(found) {
      atlas.deliver(MAP, 'around', Object.assign({centre: null, lines: []}, found));
      return Date.now();
    },
    /** The unit of length was chosen; this browser keeps it in a store. */
    unit(chosen) {
      unit = chosen in METRES ? chosen : 'km';
      return unit;
    },
  });

  function draw(state) {
    if (state.aroundMarks) state.aroundMarks.remove();
    const {centre, lines} = state.around;
    const group = (state.aroundMarks = L.featureGroup());
    const colour = atlas.colour('accent');
    for (const {line} of lines) {
      const places = line.map(([lon, lat]) => [lat, lon]);
      group.addLayer(L.polyline(places, {color: atlas.colour('surface'), weight: 4.5, opacity: 0.8, smoothFactor: 0, interactive: false, pmIgnore: true}));
      group.addLayer(L.polyline(places, {color: colour, weight: 1.8, smoothFactor: 0, dashArray: centre ? '10 4 2 4' : null, interactive: false, pmIgnore: true}));
      if (!centre) for (const place of places) group.addLayer(L.circleMarker(place, {radius: 3, color: colour, fillOpacity: 1, interactive: false, pmIgnore: true}));
    }
    if (centre) group.addLayer(L.circleMarker([centre[1], centre[0]], {radius: 3.5, color: colour, fillOpacity: 1, interactive: false, pmIgnore: true}));
    group.addTo(state.map);
    atlas.label(state, 'around', lines.map(({label, at}) => (
      {lon: at[0], lat: at[1], text: label, kind: 'mark', from: 0, gap: 4, rank: 800, colour: 'accent', halo: 'surface'})));
    state.frame.dataset.around = String(lines.length);
    const button = document.querySelector('[data-clear-around]');
    if (button) button.hidden = !lines.length;
  }

  function look(state) {
    const bounds = state.around.lines.length && state.aroundMarks.getBounds();
    if (!bounds || !bounds.isValid()) return;
    if (state.map.getBounds().contains(bounds) && state.map.getBoundsZoom(bounds) - state.map.getZoom() < 3) return;
    atlas.fly(state, bounds);
  }

  document.addEventListener('click', (event) => {
    if (!event.target.closest) return;
    if (event.target.closest('[data-clear-around]')) window.dash_clientside.set_props('plan-map-around', {data: {centre: null, lines: []}});
    /* A buffer becomes a new draft: what is being changed is saved or discarded first. */
    const state = atlas.maps && atlas.maps.get(MAP);
    if (state && event.target.closest('[data-leaves-draft]') && atlas.guard && !atlas.guard(state, {type: 'new'})) {
      event.stopPropagation();
      event.preventDefault();
    }
  }, true);

  /** How long a line is so far, with the pointer as its end: told while it is drawn, and measured by the server after. */
  function along(state, pointer) {
    const layer = state.map.pm.Draw.Line._layer;
    const places = layer && layer.getLatLngs ? layer.getLatLngs().flat() : [];
    if (!places.length) return;
    const way = [...places, pointer];
    const metres = way.slice(1).reduce((sum, place, k) => sum + state.map.distance(way[k], place), 0);
    const value = metres / METRES[unit];
    const words = new Intl.NumberFormat(`${document.documentElement.dataset.locale || 'en'}-u-nu-latn`, {maximumFractionDigits: value < 10 ? 2 : value < 1000 ? 1 : 0}).format(value);
    atlas.hintBar(state, state.settings.words.so_far[unit].replace('{number}', words));
  }

  atlas.parts.push({
    adopt(state) {
      if (state.id !== MAP) return;
      state.map.on('mousemove', ({latlng}) => { if (state.drawing === 'measure') along(state, latlng); });
    },
    around(state, found) {
      state.around = found;
      if (['rings', 'measure'].includes(state.drawing)) atlas.stopTool(state); // it was typed instead
      draw(state);
      look(state);
    },
    restyle(state) { if (state.around) draw(state); },
  });
})();
