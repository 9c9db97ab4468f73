/* Results of analyses on the map. The events behind them are drawn by points.js.
 *
 * Python chooses the style of each feature and its tooltip (dashboard/map/answers.py); this file draws them.
 */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.muster_map = Object.assign(window.dash_clientside.muster_map || {}, {
    /* The id of the output says which map is meant; a switch beside it shows or hides the events, and a list chooses
     * the plan or route that is drawn: what belongs to none is always there. */
    answer(given, shown, variant) {
      const {id} = window.dash_clientside.callback_context.outputs_list;
      const what = Object.assign({id: '', features: [], layers: [], show: false, words: {}}, given);
      if (shown !== undefined) what.show = !!shown;
      if (variant) what.features = what.features.filter((each) => !each.of || each.of.includes(variant));
      atlas.deliver(id.slice(0, id.length - '-answer-drawn'.length), 'answer', what);
      return Date.now();
    },
    /* The same where nothing but a list stands beside it. */
    answer_of(given, variant) {
      return window.dash_clientside.muster_map.answer(given, undefined, variant);
    },
  });

  const EDGES = {
    emerging: {weight: 3, dashArray: null}, intensifying: {weight: 2.2, dashArray: null}, persistent: {weight: 1.2, dashArray: null},
    diminishing: {weight: 2.2, dashArray: '6 4'}, sporadic: {weight: 2, dashArray: '1 4'},
  };

  function style({look, edge}) {
    if (LINES[look]) return Object.assign({color: atlas.colour(LINES[look].ink), fill: false, lineCap: 'round'}, LINES[look].line);
    if (AREAS[look]) {
      const {ink, fill, line} = AREAS[look];
      return Object.assign({color: atlas.colour(ink), weight: 1.2, fillColor: atlas.colour(ink), fillOpacity: fill}, line);
    }
    if (look === 'way') return {color: atlas.colour('answer-way'), weight: 3, opacity: 0.85, dashArray: '2 6', lineCap: 'round', fill: false};
    if (look === 'rank') return {color: atlas.colour('answer-rank'), weight: 1.4, fillColor: atlas.colour('answer-rank'), fillOpacity: 0.28};
    const fill = atlas.colour(look === 'was-hot' ? 'surface' : `answer-${look}`);
    const line = EDGES[edge];
    return Object.assign({fillColor: fill, fillOpacity: look === 'was-hot' ? 0.15 : 0.62, color: line ? atlas.colour('ink') : fill, opacity: 1},
      line || {weight: 0.6, dashArray: null});
  }

  const LINES = {
    'route-1': {ink: 'answer-route', line: {weight: 5, opacity: 0.95}},
    'route-other': {ink: 'answer-route', line: {weight: 3, opacity: 0.8, dashArray: '9 6', lineCap: 'butt'}},
    free: {ink: 'map-closed', line: {weight: 3, opacity: 0.9, dashArray: '1 7'}},
  };
  const AREAS = {
    corridor: {ink: 'answer-route', fill: 0.1, line: {weight: 0}}, within: {ink: 'accent', fill: 0.08},
    'closed-area': {ink: 'bad', fill: 0.12, line: {dashArray: '4 4'}},
    'reach-1': {ink: 'answer-reach-1', fill: 0.5, line: {weight: 0.8}}, 'reach-2': {ink: 'answer-reach-2', fill: 0.42, line: {weight: 0.8}},
    'reach-3': {ink: 'answer-reach-3', fill: 0.34, line: {weight: 0.8}},
    treated: {ink: 'answer-route', fill: 0.22, line: {weight: 2}}, buffer: {ink: 'answer-route', fill: 0.06, line: {dashArray: '5 5'}},
  };

  const SIGNS = {
    crossed: {frame: 'circle', radius: 8, icon: 'flag', line: 'answer-route', face: 'surface', ink: 'answer-route', width: 2},
    end: {frame: 'circle', radius: 9, icon: 'map-pin', line: 'surface', face: 'answer-route', ink: 'surface', width: 1.5},
    closed: {frame: 'circle', radius: 9, icon: 'ban', line: 'bad', face: 'surface', ink: 'bad', width: 2},
    team: {frame: 'square', radius: 10, icon: 'users-group', line: 'surface', face: 'accent', ink: 'on-accent', width: 1.5},
    target: {frame: 'circle', radius: 7, icon: 'check', line: 'answer-reach-1', face: 'surface', ink: 'answer-reach-1', width: 2},
    'target-out': {frame: 'circle', radius: 8, icon: 'x', line: 'bad', face: 'surface', ink: 'bad', width: 2, dash: [3, 2]},
    staffed: {frame: 'square', radius: 9, icon: 'eye', line: 'map-closed', face: 'surface', ink: 'map-closed', width: 2},
    odds: {frame: 'square', radius: 12, icon: '', line: 'accent', face: 'surface', ink: 'accent', width: 2},
    checkpoint: {frame: 'square', radius: 11, icon: 'hand-stop', line: 'surface', face: 'accent', ink: 'on-accent', width: 1.5},
    'in-force': {frame: 'square', radius: 9, icon: 'hand-stop', line: 'map-closed', face: 'surface', ink: 'map-closed', width: 2, dash: [4, 3]},
  };

  function layerOf(feature) {
    const {type, coordinates} = feature.g;
    if (type === 'Point') {
      const look = feature.number ? Object.assign({text: feature.number}, SIGNS[feature.look]) : SIGNS[feature.look];
      return new atlas.Symbol([coordinates[1], coordinates[0]], {radius: look.radius, look});
    }
    const places = L.GeoJSON.coordsToLatLngs(coordinates, {LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2}[type]);
    return type.includes('Polygon') ? L.polygon(places, style(feature)) : L.polyline(places, style(feature));
  }

  function answer(state, given) {
    const fresh = !state.answer || state.answer.id !== given.id;
    state.answer = given;
    draw(state);
    if (fresh) look(state);
  }

  /* A new answer comes into view; after that the view is the reader's. */
  function look(state) {
    if (state.follows) return; // a second map shows what the first one shows
    const found = state.answerMarks.getBounds();
    const view = state.answer.view || (found.isValid() ? [[found.getSouth(), found.getWest()], [found.getNorth(), found.getEast()]] : null);
    if (!view) return;
    state.settings.view = view;
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    state.map.fitBounds(view, {animate: !still, maxZoom: 11, padding: [24, 24]}); // closer than one object: it fills the map
  }

  function draw(state) {
    if (state.answerMarks) state.answerMarks.remove();
    const group = (state.answerMarks = L.featureGroup());
    const numbers = [];
    const order = {Polygon: 0, MultiPolygon: 0, LineString: 1, MultiLineString: 1, Point: 2}; // signs lie over shapes
    for (const feature of [...state.answer.features].sort((a, b) => order[a.g.type] - order[b.g.type])) {
      const layer = layerOf(feature);
      atlas.tooltip(layer, feature.name, feature.note);
      group.addLayer(layer);
      if (feature.number && !(layer instanceof atlas.Symbol)) numbers.push({layer, feature});
    }
    group.addTo(state.map);
    atlas.label(state, 'signs', state.answer.features.filter((each) => each.g.type === 'Point').map(({g, look}) => (
      {kind: 'sign', text: '', rank: 0, from: 0, lon: g.coordinates[0], lat: g.coordinates[1], radius: SIGNS[look].radius})));
    for (const {layer, feature} of numbers) {
      const sign = new atlas.Bubble(feature.at || middle(state, layer, feature.number),
        {radius: 9, number: feature.number, size: 10.5, opacity: 1, ink: LINES[feature.look] ? 'answer-route' : 'answer-rank'});
      atlas.tooltip(sign, feature.name, feature.note);
      group.addLayer(sign);
    }
    state.frame.dataset.answer = String(state.answer.features.length);
  }

  /* A route's number stands on the route, each one further along, so that numbers of routes that share a road do not
   * hide each other; that of a cell stands in its middle. */
  function middle(state, layer, number) {
    if (layer instanceof L.Polygon || !layer.getLatLngs) return layer.getBounds().getCenter();
    const points = layer.getLatLngs().flat();
    const far = [0];
    points.slice(1).forEach((here, k) => far.push(far[k] + state.map.distance(points[k], here)));
    const share = Math.min(0.9, 0.2 + 0.15 * Number(number));
    return points[far.findIndex((each) => each >= far[far.length - 1] * share)];
  }

  atlas.parts.push({
    answer,
    restyle(state) { if (state.answer) draw(state); },
  });
})();
