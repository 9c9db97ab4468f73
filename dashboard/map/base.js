/* The base map: land, water, boundaries, names, and candidate places for sites. */
(function () {
  const atlas = (((window.dashExtensions = window.dashExtensions || {}).muster = window.dashExtensions.muster || {}).atlas =
    window.dashExtensions.muster.atlas || {});
  atlas.parts = atlas.parts || [];
  if (!window.L) return;

  const CLOSE_ZOOM = 6; // from here on the smaller lakes and towns are worth fetching
  const KINDS = {
    crossings: {icon: 'road', all: 5, every: 5},
    airports: {icon: 'plane', all: 7, every: 4},
    ports: {icon: 'anchor', all: 6, every: 6},
  };

  const style = {
    land(state) {
      const inside = new Set(state.settings.countries || []);
      return (feature) => ({
        renderer: state.base, interactive: false, smoothFactor: 1.2, color: atlas.colour('map-coast'), weight: 0.7,
        fillColor: atlas.colour(inside.has(feature.properties.iso3) ? 'map-land-in' : 'map-land'), fillOpacity: 1,
      });
    },
    lakes: (state) => () => ({
      renderer: state.base, interactive: false, color: atlas.colour('map-coast'), weight: 0.4,
      fillColor: atlas.colour('map-water'), fillOpacity: 1,
    }),
    rivers: (state) => (feature) => ({
      renderer: state.base, interactive: false, color: atlas.colour('map-river'), opacity: 1,
      weight: feature.properties.min_zoom > state.map.getZoom() + 1 ? 0 : state.map.getZoom() > 6 ? 1.2 : 0.7,
    }),
    // The outline of the land is painted over, so that a line that states draw differently is really open.
    casing: (state) => () => ({
      renderer: state.base, interactive: false, color: atlas.colour('map-land'), weight: 2, opacity: 1, lineCap: 'butt',
    }),
    boundaries: (state) => (feature) => ({
      renderer: state.base, interactive: false, color: atlas.colour('map-border'), opacity: 1,
      weight: state.map.getZoom() > 5 ? 1.3 : 0.9, dashArray: feature.properties.differs ? '5 4' : null,
    }),
  };

  function adopt(state) {
    const urls = state.settings.base;
    const first = ['countries', 'lakes', 'rivers', 'boundaries', 'places'];
    state.ground = {};
    Promise.all(first.map((name) => atlas.fetchOnce(urls[name]))).then(async (found) => {
      if (found.some((layer) => !layer)) return;
      const [countries, lakes, rivers, boundaries, places] = found;
      const layers = [['land', countries], ['lakes', lakes], ['rivers', rivers], ['casing', boundaries], ['boundaries', boundaries]];
      for (const [name, features] of layers) {
        await turn(); // each layer by itself: whoever clicks or types meanwhile is not kept waiting by all of them
        if (atlas.maps.get(state.id) !== state) return;
        lay(state, name, features);
      }
      atlas.label(state, 'countries', countries.features.map(countryName));
      atlas.label(state, 'places', places.features.map(placeName));
      state.frame.dataset.ready = 'true';
      closer(state);
    });
    state.map.on('zoomend', () => {
      closer(state);
      for (const name of ['rivers', 'boundaries']) if (state.ground[name]) state.ground[name].setStyle(style[name](state));
      candidates(state);
    });
  }

  const turn = () => new Promise((done) => setTimeout(done, 0));

  function lay(state, name, features) {
    state.ground[name] = L.geoJSON(features, {style: style[name](state), interactive: false, renderer: state.base, pmIgnore: true}).addTo(state.map);
  }

  function closer(state) {
    if (state.closer || state.map.getZoom() < CLOSE_ZOOM || !state.ground.boundaries) return;
    state.closer = true;
    atlas.fetchOnce(state.settings.base.lakes_close).then((lakes) => {
      if (!lakes) return;
      state.ground.small = L.geoJSON(lakes, {style: style.lakes(state), interactive: false, renderer: state.base, pmIgnore: true}).addTo(state.map);
      for (const name of ['rivers', 'casing', 'boundaries']) state.ground[name].bringToFront();
    });
    atlas.fetchOnce(state.settings.base.places_close).then((places) => {
      if (places) atlas.label(state, 'towns', places.features.map(placeName));
    });
  }

  function countryName({properties: p}) {
    // Where few or none live, the name would say more of the map than the place does.
    return {lon: p.label_lon, lat: p.label_lat, text: p.name, kind: 'country', from: p.people < 100000 ? 4 : 0, until: 6.5,
            rank: 220 + 9 * Math.log10(p.people + 1)};
  }
  function placeName({properties: p, geometry}) {
    const [lon, lat] = geometry.coordinates;
    return {lon, lat, text: p.name, kind: p.capital ? 'capital' : 'town', from: p.min_zoom + (p.capital ? 1 : 1.5), dot: true,
            rank: (p.capital ? 200 : 100) - p.min_zoom * 5};
  }

  function restyle(state) {
    if (!state.ground) return;
    for (const name of ['land', 'lakes', 'rivers', 'casing', 'boundaries']) {
      if (state.ground[name]) state.ground[name].setStyle(style[name](state));
    }
    if (state.ground.small) state.ground.small.setStyle(style.lakes(state));
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
