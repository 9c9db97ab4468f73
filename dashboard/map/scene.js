/* The plan on the map: sites and drawn objects, their state, and the selection. */
(function () {
  const atlas = (((window.dashExtensions = window.dashExtensions || {}).muster = window.dashExtensions.muster || {}).atlas =
    window.dashExtensions.muster.atlas || {});
  atlas.parts = atlas.parts || [];
  if (!window.L) return;

  const FRAMES = {checkpoint: 'square', observation_post: 'triangle', hotspot: 'hexagon', coordination_unit: 'flag', site: 'circle'};
  const ICONS = {
    checkpoint: 'hand-stop', observation_post: 'eye', hotspot: 'flame',
    airport: 'plane', seaport: 'anchor', land_bcp_road: 'road', land_bcp_rail: 'train', river_port: 'ship',
    checkpoint_inland: 'hand-stop', bus_station: 'bus', train_station: 'train', market: 'building',
  };
  const DASH = {planned: [4, 3]};

  function colourOf(feature) {
    if (feature.properties.state === 'closed') return 'map-closed';
    return feature.properties.group === 'analysis' ? 'map-analysis' : 'map-plan';
  }

  function shapeStyle(state, feature) {
    const {kind, state: stage} = feature.properties;
    const colour = atlas.colour(colourOf(feature));
    const chosen = isChosen(state, feature);
    return {
      color: colour, opacity: 1, weight: (stage === 'closed' ? 1.2 : kind === 'route' ? 3 : 2.2) + (chosen ? 2 : 0),
      dashArray: stage === 'planned' ? '7 5' : null, lineCap: stage === 'planned' ? 'butt' : 'round',
      fill: feature.geometry.type.includes('Polygon'), fillColor: colour,
      fillOpacity: stage === 'closed' ? 0.03 : chosen ? 0.2 : 0.1,
    };
  }

  function lookOf(state, feature) {
    const p = feature.properties;
    const selected = isChosen(state, feature);
    const frame = FRAMES[p.kind];
    if (p.kind === 'site') return siteLook(state, feature, selected);
    const colour = colourOf(feature);
    const solid = p.state === 'active';
    return {
      frame, radius: 10, selected, icon: ICONS[p.kind], line: colour, face: solid ? colour : 'surface',
      ink: solid ? 'surface' : colour, width: p.state === 'closed' ? 1 : 2, dash: DASH[p.state],
    };
  }

  /* Told twice, by colour and by shape: reporting is full, hits carry their number, silence is hollow, planned dashed. */
  function siteLook(state, feature, selected) {
    // Of sites that values leave out nothing is told: what other countries report is theirs.
    const value = (state.values || {})[feature.id] || {state: state.values && Object.keys(state.values).length ? 'untold' : 'planned'};
    const colour = `site-${value.state === 'untold' ? 'planned' : value.state}`;
    const full = value.state === 'reporting' || value.state === 'hits';
    return {
      frame: 'circle', radius: 10, selected, icon: ICONS[feature.properties.site_type] || 'map-pin', line: colour,
      face: full ? colour : 'surface', ink: full ? 'surface' : colour, width: value.state === 'untold' ? 1 : 2,
      dash: value.state === 'planned' ? [4, 3] : null, badge: value.state === 'hits' ? value.hits_text : null,
    };
  }

  function isChosen(state, feature) {
    return !!state.selected && state.selected.id === feature.id;
  }

  function scene(state, given) {
    state.scene = given;
    draw(state);
  }

  function values(state, given) {
    state.values = given;
    restyle(state);
    for (const [id, layer] of Object.entries(state.marks || {})) hint(state, layer, layer.feature);
  }

  /** Everything anew. An object that is being edited is left out: its draft stands in its place. */
  function draw(state) {
    if (state.drawn) state.drawn.remove();
    state.drawn = L.layerGroup().addTo(state.map);
    state.marks = {};
    const order = {Polygon: 0, MultiPolygon: 0, LineString: 1, MultiLineString: 1, Point: 2}; // signs lie over shapes
    const features = [...(state.scene || {features: []}).features].sort((a, b) => order[a.geometry.type] - order[b.geometry.type]);
    for (const feature of features) {
      if (state.hidden.has(feature.properties.kind) || (state.draft && state.draft.object_id === feature.id)) continue;
      const layer = mark(state, feature);
      layer.feature = feature;
      layer.on('click', (event) => atlas.choose(state, {type: feature.properties.kind === 'site' ? 'site' : 'object', id: feature.id}, event));
      hint(state, layer, feature);
      state.marks[feature.id] = layer;
      state.drawn.addLayer(layer);
    }
    atlas.label(state, 'marks', Object.values(state.marks).map((layer) => nameOf(layer)));
  }

  function mark(state, feature) {
    const {type, coordinates} = feature.geometry;
    if (type === 'Point') {
      const look = lookOf(state, feature);
      return new atlas.Symbol([coordinates[1], coordinates[0]], {radius: look.radius, look, aside: feature.properties.aside});
    }
    const places = L.GeoJSON.coordsToLatLngs(coordinates, {LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2}[type]);
    const style = shapeStyle(state, feature);
    return type.includes('Polygon') ? L.polygon(places, style) : L.polyline(places, style);
  }

  function nameOf(layer) {
    const p = layer.feature.properties;
    const [lon, lat] = p.centre;
    const point = layer.feature.geometry.type === 'Point';
    return {lon, lat, aside: p.aside, text: p.name, kind: 'mark', from: point ? 4 : 3, gap: point ? 15 : 0, rank: 500 + (p.kind === 'site' ? 20 : 40),
            colour: p.kind === 'site' ? 'ink' : colourOf(layer.feature), halo: 'surface'};
  }

  function hint(state, layer, feature) {
    const {words} = state.settings;
    const value = (state.values || {})[feature.id];
    const p = feature.properties;
    const note = [p.label, value ? value.words : p.kind === 'site' ? '' : words.states[p.state], p.country_name].filter(Boolean).join(' · ');
    layer.unbindTooltip();
    atlas.tooltip(layer, p.name, note);
  }

  function restyle(state) {
    for (const layer of Object.values(state.marks || {})) {
      if (layer.relook) layer.relook(lookOf(state, layer.feature));
      else layer.setStyle(shapeStyle(state, layer.feature));
    }
  }

  /** Mark what is chosen, and bring it into view where asked. */
  atlas.mark = function (state, chosen, fly) {
    state.selected = chosen;
    restyle(state);
    const feature = chosen && (state.scene || {features: []}).features.find((each) => each.id === chosen.id);
    if (fly && feature) atlas.fly(state, feature.properties.bounds || null, feature.properties.centre);
    else if (fly && chosen.at) atlas.fly(state, null, chosen.at); // not on the map yet
  };

  const CLOSE = 11; // a place is seen with the roads and the coast around it
  atlas.fly = function (state, bounds, centre, zoom) {
    if (!state.map.getSize().x) return; // hidden: the view is taken when it is shown
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (bounds) state.map.fitBounds(bounds, {animate: !still, maxZoom: CLOSE, padding: [60, 60]});
    else state.map.setView([centre[1], centre[0]], zoom || Math.max(state.map.getZoom(), CLOSE), {animate: !still});
  };

  /** Tell Dash what was clicked. While something is being drawn a click belongs to the drawing. */
  atlas.choose = function (state, what, event) {
    if (event && event.originalEvent) event.originalEvent.atlasTaken = true;
    if (state.drawing) return;
    if (atlas.guard && !atlas.guard(state, what)) return;
    atlas.mark(state, what, what.fly);
    window.dash_clientside.set_props(`${state.id}-selected`, {data: Object.assign({at: Date.now()}, what)});
  };

  /** Show all kinds but these. */
  atlas.hide = function (state, kinds) {
    state.hidden = new Set(kinds);
    draw(state);
  };
  atlas.redraw = draw;

  atlas.parts.push({scene, values, restyle});
})();
