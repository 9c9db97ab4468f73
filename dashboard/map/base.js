/* Over the ground: the names of countries, and candidate places for sites. */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];

  const KINDS = {
    crossings: {icon: 'road', all: 5, every: 5},
    airports: {icon: 'plane', all: 7, every: 4},
    ports: {icon: 'anchor', all: 6, every: 6},
  };

  function adopt(state) {
    atlas.fetchOnce(state.settings.base.countries).then((found) => {
      if (found && atlas.maps.get(state.id) === state) atlas.label(state, 'countries', found.features.map(countryName));
    });
    state.map.on('zoomend', () => candidates(state));
  }

  function countryName({properties: p, geometry: {coordinates: [lon, lat]}}) {
    // Where few or none live, the name would say more of the map than the place does.
    return {lon, lat, text: p.name, kind: 'country', from: p.people < 100000 ? 4 : 0, until: 6.5,
            rank: 220 + 9 * Math.log10(p.people + 1)};
  }
  function restyle(state) {
    for (const kind of Object.keys(KINDS)) drop(state, kind);
    candidates(state);
  }

  /* Crossings, airports and ports: candidates for a site, fetched when somebody asks for them. */
  function candidates(state) {
    state.candidates = state.candidates || {};
    for (const [kind, {icon, all, every}] of Object.entries(KINDS)) {
      const zoom = state.map.getZoom();
      const detail = (state.shown || new Set()).has(kind) ? (zoom >= all ? 'all' : zoom >= every ? 'large' : '') : '';
      const present = state.candidates[kind];
      if ((present ? present.detail : '') === detail) continue;
      drop(state, kind);
      if (!detail) continue;
      const group = L.layerGroup();
      state.candidates[kind] = {detail, group};
      atlas.fetchOnce(state.settings.base[kind]).then((found) => {
        if (!found || (state.candidates[kind] || {}).group !== group) return;
        for (const feature of found.features) {
          if (detail === 'large' && !feature.properties.large) continue;
          group.addLayer(candidate(state, feature, icon));
        }
        group.addTo(state.map);
        group.eachLayer((layer) => layer.bringToBack());
      });
    }
  }

  function drop(state, kind) {
    if (state.candidates && state.candidates[kind]) state.candidates[kind].group.remove();
    if (state.candidates) delete state.candidates[kind];
  }

  function candidate(state, {properties, geometry}, icon) {
    const [lon, lat] = geometry.coordinates;
    const mark = new atlas.Symbol([lat, lon], {radius: 6, look: {
      frame: 'circle', radius: 6, icon, line: 'map-label', face: 'map-land', ink: 'map-label', width: 0.8,
    }});
    atlas.tooltip(mark, properties.name, state.settings.words.candidate);
    mark.on('click', (event) => atlas.choose(state, {type: 'candidate', ref: properties.ref}, event));
    return mark;
  }

  /** Show these groups of candidates ("crossings", "airports", "ports") and no others. */
  atlas.showCandidates = function (state, kinds) {
    state.shown = new Set(kinds);
    candidates(state);
  };

  atlas.parts.push({adopt, restyle});
})();
