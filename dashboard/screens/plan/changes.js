/* What changed from one version of the plan to another, over the map, while the drawer of versions is open.
 *
 * Told by line, sign and word: what was added is solid, what changed is dashed with a ghost where it stood, what was
 * removed is a dotted ghost.
 */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];
  const MAP = 'plan-map';

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.muster_map = Object.assign(window.dash_clientside.muster_map || {}, {
    changes(found) {
      atlas.deliver(MAP, 'changes', Object.assign({of: '', changes: []}, found));
      return Date.now();
    },

    /** A row of the table of changes was chosen by mouse or keyboard. */
    fromChanges(rows) {
      const state = atlas.maps && atlas.maps.get(MAP);
      if (!state || !rows || !rows.length) return;
      const {id, type, change} = rows[0];
      if (change === 'removed') show(state, id);
      else if (!state.selected || state.selected.id !== id) atlas.choose(state, {type, id, fly: true});
    },
  });

  const LINES = {
    added: {weight: 4, dashArray: null, opacity: 1, fillOpacity: 0.16},
    changed: {weight: 3, dashArray: '9 6', opacity: 1, fillOpacity: 0.1},
    removed: {weight: 2.2, dashArray: '1 6', opacity: 0.95, fillOpacity: 0.04},
    ghost: {weight: 1.6, dashArray: '1 5', opacity: 0.8, fillOpacity: 0},
  };

  const opened = () => {
    const page = document.querySelector('[data-plan]');
    return !!page && page.dataset.sheet === 'versions';
  };

  function draw(state) {
    if (state.changeMarks) state.changeMarks.remove();
    state.changeMarks = null;
    state.changeLayers = {};
    const legend = document.querySelector('.plan-changes-legend');
    const found = opened() && state.changes ? state.changes.changes : [];
    if (legend) legend.hidden = !found.length;
    state.frame.dataset.changes = String(found.length);
    const group = L.featureGroup();
    const labels = [];
    for (const change of found) {
      const now = change.after || change.before;
      if (change.how === 'changed' && change.before) {
        group.addLayer(layerOf(change.before, 'ghost', 'changed'));
        group.addLayer(L.polyline([middle(change.before), middle(change.after)], {...style('ghost', 'changed'), interactive: false}));
      }
      const layer = layerOf(now, change.how, change.how);
      atlas.tooltip(layer, change.name, change.note);
      if (change.how !== 'removed') layer.on('click', (event) => atlas.choose(state, {type: change.type, id: change.id}, event));
      group.addLayer(layer);
      state.changeLayers[change.id] = layer;
      const at = middle(now);
      labels.push({lon: at.lng, lat: at.lat, text: change.name, kind: 'mark', from: 0, gap: now.type === 'Point' ? 19 : 0, rank: 900,
                   colour: `change-${change.how}`, halo: 'surface'});
    }
    state.changeMarks = group.addTo(state.map);
    atlas.label(state, 'changes', labels);
    look(state, found);
  }

  /* What is compared comes into view once; after that the view is the reader's. */
  function look(state, found) {
    const of = found.length ? state.changes.of : '';
    if (!of || of === state.changesSeen) return;
    state.changesSeen = of;
    state.map.invalidateSize({animate: false});
    atlas.fly(state, state.changeMarks.getBounds());
  }

  function style(line, how) {
    const colour = atlas.colour(`change-${how}`);
    return {color: colour, fillColor: colour, lineCap: line === 'added' ? 'round' : 'butt', pmIgnore: true, ...LINES[line]};
  }

  function layerOf({type, coordinates}, line, how) {
    const look = style(line, how);
    if (type === 'Point') return L.circleMarker([coordinates[1], coordinates[0]], {...look, radius: line === 'ghost' ? 10 : 16});
    const places = L.GeoJSON.coordsToLatLngs(coordinates, {LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2}[type]);
    return type.includes('Polygon') ? L.polygon(places, look) : L.polyline(places, {...look, fill: false});
  }

  function middle({type, coordinates}) {
    if (type === 'Point') return L.latLng(coordinates[1], coordinates[0]);
    const places = L.GeoJSON.coordsToLatLngs(coordinates, {LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2}[type]);
    if (type === 'LineString') return places[Math.floor(places.length / 2)];
    return L.latLngBounds(places.flat(3)).getCenter();
  }

  function show(state, id) {
    const layer = state.changeLayers && state.changeLayers[id];
    if (!layer) return;
    if (layer.getLatLngs) atlas.fly(state, layer.getBounds());
    else atlas.fly(state, null, [layer.getLatLng().lng, layer.getLatLng().lat]);
    layer.openTooltip();
  }

  atlas.parts.push({
    changes(state, found) {
      state.changes = found;
      draw(state);
    },
    sheet(state, open) {
      if (open !== 'versions') state.changesSeen = '';
      draw(state);
    },
    restyle(state) { if (state.changes) draw(state); },
  });
})();
