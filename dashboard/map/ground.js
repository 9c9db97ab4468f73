/* The ground of the map: land, water, boundaries, ways and towns from vector tiles, painted on one canvas.
 *
 * tools/ground_tiles.py says what the tiles hold. A tile is decoded once (map/vector_tile.js), into paths in its own units;
 * a view is painted by class over all its tiles, so that no road of one tile lies under the land of the next. While tiles are on their way
 * those of a coarser level stand in. Maps that an operator added are painted above, by the names of their layers.
 */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];


  const KEPT = 400; // tiles that stay decoded

  // ------------------------------------------------------------------------------------------- fetching

  const tiles = new Map(); // by address; in the order of their last use

  /** The answer for a tile. A page that has tiles of its own gives them here. */
  atlas.fetchTile = (url) => fetch(url, {credentials: 'same-origin'});

  function tile(url, kind, ready) {
    const known = tiles.get(url);
    if (known) {
      tiles.delete(url);
      tiles.set(url, known);
      return known;
    }
    const made = {layers: null, picture: null, settled: false};
    tiles.set(url, made);
    for (const old of tiles.keys()) {
      if (tiles.size <= KEPT) break;
      if (tiles.get(old).settled) tiles.delete(old);
    }
    atlas.fetchTile(url)
      .then((answer) => (answer.status === 204 ? null : answer.ok ? (kind === 'vector' ? answer.arrayBuffer() : answer.blob()) : Promise.reject()))
      .then(async (body) => {
        if (kind === 'vector') made.layers = body ? atlas.decodeTile(new Uint8Array(body)) : {};
        else made.picture = body && await createImageBitmap(body);
        made.settled = true;
      })
      .catch(() => tiles.delete(url)) // the next view asks again
      .finally(ready);
    return made;
  }

  /** The level that is drawn at a zoom: the ground has one for every two steps of it. */
  const levelOf = ({levels: [least, most], every}, zoom) => {
    const wanted = every === 2 ? 2 * Math.floor((zoom - 1) / 2) : Math.round(zoom);
    return Math.max(least, Math.min(most, wanted));
  };

  // ------------------------------------------------------------------------------------------- styles

  const at = (zoom, ...steps) => { // a width that grows with the zoom: pairs of zoom and width
    let width = 0;
    for (const [from, wide] of steps) if (zoom >= from) width = wide;
    return width;
  };

  /* What is painted, in this order. `of` says which features of a layer, `fill` and `line` name colours. */
  function groundPasses(zoom, inside) {
    const land = ({told}) => (inside.has(told.iso3) ? 'map-land-in' : 'map-land');
    const coast = at(zoom, [0, 0.7], [9, 1]);
    const road = (kind, widths, casing) => ({layer: 'road', of: ({told}) => told.class === kind, width: at(zoom, ...widths), line: casing ? 'map-road-edge' : `map-road-${kind}`, round: true});
    return [
      {layer: 'land', fill: land},
      {layer: 'part', fill: land, of: ({told}) => inside.has(told.iso3)},
      {layer: 'lake', fill: () => 'map-water'},
      {layer: 'isle', fill: land},
      {layer: 'land', line: 'map-coast', width: coast},
      {layer: 'lake', line: 'map-coast', width: coast * 0.6},
      {layer: 'isle', line: 'map-coast', width: coast * 0.6},
      ...[[4, [[9, 0.6]], [3, 3]], [3, [[7, 0.6], [9, 0.9], [11, 1.3]]], [2, [[4, 0.6], [7, 0.9], [9, 1.5], [11, 2]]], [1, [[3, 0.8], [6, 1.3], [9, 2.2], [11, 2.8]]]]
        .map(([kind, widths, dash]) => ({layer: 'river', of: ({told}) => told.class === kind, line: 'map-river', width: at(zoom, ...widths), dash, round: true})),
      // The ground is painted over, so that a line that states draw differently is really open.
      {layer: 'boundary', line: 'map-border-halo', width: at(zoom, [0, 2], [7, 4], [10, 6])},
      {layer: 'boundary', of: ({told}) => !told.differs, line: 'map-border', width: at(zoom, [0, 0.9], [5, 1.3], [9, 1.8])},
      {layer: 'boundary', of: ({told}) => told.differs, line: 'map-border', width: at(zoom, [0, 0.9], [5, 1.3], [9, 1.8]), dash: [5, 4]},
      {layer: 'rail', line: 'map-rail', width: at(zoom, [9, 0.8], [10, 1.1], [12, 1.6]), dash: zoom >= 10 ? [5, 3] : null},
      road(3, [[9, 2], [11, 3.2], [13, 4.6]], true),
      road(2, [[8, 2.4], [9, 3], [11, 4.4], [13, 6]], true),
      road(1, [[7, 2.6], [9, 4], [11, 5.6], [13, 8]], true),
      road(3, [[9, 1], [11, 1.9], [13, 3.2]]),
      road(2, [[7, 0.8], [8, 1.2], [9, 1.9], [11, 3], [13, 4.5]]),
      road(1, [[5, 0.7], [6, 1], [7, 1.4], [9, 2.6], [11, 4], [13, 6]]),
    ];
  }

  /* Of maps that an operator added: the layers of OpenMapTiles and of Protomaps, by their names. */
  const WAYS = {
    motorway: 1, trunk: 1, highway: 1, primary: 2, major_road: 2, secondary: 2, tertiary: 3, minor_road: 3, minor: 3, street: 3, residential: 3,
    service: 4, track: 4, path: 4, other: 4,
  };
  const wayOf = ({told}) => WAYS[told.class || told.kind || told['pmap:kind']] || 0;
  function addedPasses(zoom) {
    const ways = ['transportation', 'roads', 'streets'];
    const road = (kind, width, casing) => ({layers: ways, of: (f) => f.kind === 2 && wayOf(f) === kind, width, line: casing ? 'map-road-edge' : `map-road-${Math.min(kind, 3)}`, round: true, dash: kind === 4 ? [4, 3] : null});
    const wide = 2 ** Math.max(0, zoom - 13);
    return [
      {layers: ['water'], fill: () => 'map-water', of: (f) => f.kind === 3 && f.told.kind !== 'ocean' && f.told.class !== 'ocean'},
      {layers: ['waterway', 'waterways', 'water'], line: 'map-river', width: 1.4, of: (f) => f.kind === 2, round: true},
      {layers: ['building', 'buildings'], fill: () => 'map-building', of: (f) => f.kind === 3},
      road(4, 1), road(3, 2.6 * wide, true), road(2, 4.4 * wide, true), road(1, 5.6 * wide, true),
      road(3, 1.6 * wide), road(2, 3 * wide), road(1, 4 * wide),
    ];
  }

  // ------------------------------------------------------------------------------------------- painting

  const groundClass = () => L.Renderer.extend({
    options: {pane: 'base', padding: 0.2},

    initialize(state) {
      L.Renderer.prototype.initialize.call(this, {});
      this._state = state;
      this._asked = 0;
    },

    getEvents() {
      // Who drags far sees ground all the way: it is painted anew before its edge comes into view.
      return Object.assign(L.Renderer.prototype.getEvents.call(this), {move: this._follow});
    },

    _initContainer() {
      this._container = document.createElement('canvas');
      this._ink = this._container.getContext('2d', {alpha: true});
    },

    _destroyContainer() {
      this._container.remove();
      delete this._ink;
    },

    _follow() {
      const map = this._map;
      if (!this._bounds || map._animatingZoom) return;
      const from = map.containerPointToLayerPoint([0, 0]);
      if (!this._bounds.contains(L.bounds(from, from.add(map.getSize())))) this.redraw();
    },

    redraw() {
      if (!this._map || this._asked) return;
      this._asked = requestAnimationFrame(() => { this._asked = 0; if (this._map) this._update(); });
    },

    _update() {
      if (!this._map || (this._map._animatingZoom && this._bounds)) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const ratio = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      if (this._container.width !== size.x * ratio || this._container.height !== size.y * ratio) {
        this._container.width = size.x * ratio;
        this._container.height = size.y * ratio;
        this._container.style.width = `${size.x}px`;
        this._container.style.height = `${size.y}px`;
      }
      this._ratio = ratio;
      this._ink.setTransform(1, 0, 0, 1, 0, 0);
      this._ink.clearRect(0, 0, this._container.width, this._container.height);
      this._paint();
    },

    _paint() {
      const state = this._state;
      const zoom = this._map.getZoom();
      const inside = new Set(state.settings.countries || []);
      let whole = true;
      for (const source of state.settings.tiles) {
        const drawn = this._tiles(source, zoom);
        whole = whole && drawn.every(({layers, picture, stands}) => !stands && (layers || picture || source.kind !== 'vector'));
        if (source.kind === 'vector') {
          for (const pass of source.name === 'ground' ? groundPasses(zoom, inside) : addedPasses(zoom)) this._pass(pass, drawn);
        } else for (const {picture, place} of drawn) if (picture) { this._place(place); this._ink.drawImage(picture, 0, 0, 1, 1); }
        if (source.name === 'ground') atlas.label(state, 'towns', townsOf(drawn, state.settings.locale));
      }
      if (whole) state.frame.dataset.ready = 'true';
    },

    /** The tiles of a view, each with its place on the canvas; one that is not there yet is what a coarser level has of it. */
    _tiles(source, zoom) {
      const level = levelOf(source, zoom);
      if (zoom < source.levels[0] - (source.every || 0)) return [];
      const side = 256 * 2 ** (zoom - level);
      const origin = this._map.getPixelOrigin();
      const {min, max} = this._bounds;
      const across = 2 ** level;
      const within = source.bounds && this._box(source.bounds, across);
      const found = [];
      for (let y = Math.max(0, Math.floor((min.y + origin.y) / side)); y <= Math.min(across - 1, Math.floor((max.y + origin.y) / side)); y += 1) {
        for (let x = Math.floor((min.x + origin.x) / side); x <= Math.floor((max.x + origin.x) / side); x += 1) {
          const wrapped = ((x % across) + across) % across;
          if (within && !(wrapped >= within[0] && wrapped <= within[2] && y >= within[1] && y <= within[3])) continue;
          const place = {left: x * side - origin.x - min.x, top: y * side - origin.y - min.y, side};
          const got = tile(this._url(source, level, wrapped, y), source.kind, () => this.redraw());
          if (got.settled) found.push({...got, place, x: wrapped, y, across});
          else found.push(...this._instead(source, level, wrapped, y, place));
        }
      }
      return found;
    },

    _instead(source, level, x, y, place) {
      const step = source.every || 1;
      for (let up = level - step, by = 2 ** step; up >= source.levels[0]; up -= step, by *= 2 ** step) {
        const known = tiles.get(this._url(source, up, Math.floor(x / by), Math.floor(y / by)));
        if (!known || !known.settled) continue;
        const side = place.side * by;
        const [dx, dy] = [(x % by) * place.side, (y % by) * place.side];
        return [{...known, stands: true, clip: place, place: {left: place.left - dx, top: place.top - dy, side}, x: Math.floor(x / by), y: Math.floor(y / by), across: 2 ** up}];
      }
      return [{stands: true, layers: null, place}];
    },

    _url: ({url, version}, z, x, y) => `${url}/${z}/${x}/${y}?v=${version}`,

    _box([west, south, east, north], across) {
      const column = (lon) => Math.floor((lon / 360 + 0.5) * across);
      const row = (lat) => Math.floor((0.5 - Math.asinh(Math.tan((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180)) / (2 * Math.PI)) * across);
      return [column(west), row(north), column(east), row(south)];
    },

    _place({left, top, side}) {
      const r = this._ratio;
      this._ink.setTransform(side * r, 0, 0, side * r, left * r, top * r);
    },

    _pass({layer, layers, of, fill, line, width, dash, round}, drawn) {
      if (line && !width) return;
      const ink = this._ink;
      for (const {layers: held, place, clip} of drawn) {
        if (!held) continue;
        const features = layers ? layers.flatMap((name) => held[name] || []) : held[layer] || [];
        if (!features.length) continue;
        if (clip) {
          ink.save();
          this._place(clip);
          ink.beginPath();
          ink.rect(0, 0, 1, 1);
          ink.clip();
        }
        this._place(place);
        const unit = 1 / place.side;
        if (line) {
          ink.strokeStyle = atlas.colour(line);
          ink.lineWidth = width * unit;
          ink.lineJoin = 'round';
          ink.lineCap = round && !dash ? 'round' : 'butt';
          ink.setLineDash(dash ? dash.map((length) => length * unit) : []);
        }
        for (const feature of features) {
          if (!feature.path || (of && !of(feature))) continue;
          if (fill) {
            ink.fillStyle = atlas.colour(fill(feature));
            ink.fill(feature.path);
          } else ink.stroke(feature.outline);
        }
        if (clip) ink.restore();
      }
    },
  });

  // ------------------------------------------------------------------------------------------- towns

  const FROM = [[5e6, 4], [1e6, 5], [3e5, 6], [1e5, 7], [3e4, 8], [1e4, 9], [3000, 10], [0, 11]];
  const rad = 180 / Math.PI;

  function townsOf(drawn, locale) {
    const found = [];
    for (const {layers, x, y, across, clip, place} of drawn) {
      for (const {told, points} of (layers && layers.town) || []) {
        const [dx, dy] = points[0];
        if (clip) { // of a tile that stands in for another, only what lies in that one's place
          const [left, top] = [place.left + dx * place.side, place.top + dy * place.side];
          if (left < clip.left || top < clip.top || left >= clip.left + clip.side || top >= clip.top + clip.side) continue;
        }
        const lon = ((x + dx) / across - 0.5) * 360;
        const lat = Math.atan(Math.sinh((0.5 - (y + dy) / across) * 2 * Math.PI)) * rad;
        const [, from] = FROM.find(([least]) => told.people >= least);
        found.push({
          lon, lat, text: told[`name_${locale}`] || told.name, kind: told.capital ? 'capital' : 'town', dot: true,
          from: told.capital ? Math.min(from, 4) : from, rank: (told.capital ? 130 : 60) + 10 * Math.log10(told.people + 1),
        });
      }
    }
    return found;
  }

  atlas.parts.push({
    load() { atlas.Ground = groundClass(); },
    adopt(state) { state.ground = new atlas.Ground(state).addTo(state.map); },
    restyle(state) { if (state.ground) state.ground.redraw(); },
  });
})();
