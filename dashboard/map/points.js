/* Events of layers: the marks of a view, or every place in it, drawn from the binary columns that the server sends.
 *
 * dashboard/map/layer_points.py documents the format. A moved map requests them again. Tens of thousands of places are
 * one Leaflet layer that keeps the columns only; the tooltip is that of the place nearest to the pointer.
 */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.muster_map = Object.assign(window.dash_clientside.muster_map || {}, {
    /* The id of the output says which map is meant: "layers-map-every" is of "layers-map". */
    every(chosen) {
      const {id} = window.dash_clientside.callback_context.outputs_list;
      atlas.deliver(id.slice(0, id.length - '-every'.length), 'every', chosen === 'every');
      return Date.now();
    },
  });

  const HEADER = 16; // bytes: four numbers
  const STEPS = 100000; // of a degree

  /** The columns of an answer, as they lie in its bytes; places on the square of the web map, 0 to 1, come with them. */
  atlas.unpackPoints = function (bytes) {
    const [count, numbered, events, whole] = new Uint32Array(bytes, 0, 4);
    const column = (Kind, at) => new Kind(bytes, HEADER + 4 * count * at, count);
    return {count, events, whole: !!whole, x: column(Int32Array, 0), y: column(Int32Array, 1), n: numbered ? column(Uint32Array, 2) : null};
  };

  const PAUSE = 120; // milliseconds without a move before the server is asked
  const MOST = 100000; // places that are drawn one by one
  const FEW = 5000; // so many dots are drawn larger

  // ------------------------------------------------------------------------------------------- asking

  function ask(state) {
    clearTimeout(state.pointsTimer);
    const given = state.layersGiven;
    if (!given || !given.show || !given.layers.length) return paint(state, []);
    state.pointsTimer = setTimeout(() => {
      const box = state.map.getBounds().pad(0.2);
      const clip = (value, most) => Math.max(-most, Math.min(most, value)).toFixed(3);
      const bbox = [clip(box.getWest(), 180), clip(box.getSouth(), 85), clip(box.getEast(), 180), clip(box.getNorth(), 85)];
      const mine = (state.pointsAsked = (state.pointsAsked || 0) + 1);
      const every = state.every ? `&every=${Math.floor(MOST / given.layers.length)}` : '';
      const question = `?bbox=${bbox.join(',')}&zoom=${Math.round(state.map.getZoom())}${every}`;
      Promise.all(given.layers.map(({url, name, kept_together: together}) =>
        fetch(url + question, {credentials: 'same-origin'})
          .then((found) => (found.ok ? found.arrayBuffer() : null))
          .then((bytes) => bytes && {name, together, marks: atlas.unpackPoints(bytes)})
          .catch(() => null), // an unreachable server is told by the shell, and the next move asks again
      )).then((found) => { if (mine === state.pointsAsked && state.layersGiven.show) paint(state, found.filter(Boolean)); });
    }, PAUSE);
  }

  // ------------------------------------------------------------------------------------------- drawing

  function paint(state, found) {
    const old = state.pointMarks;
    const group = L.layerGroup();
    const {words} = state.layersGiven || {};
    const numbers = new Intl.NumberFormat(`${document.documentElement.dataset.locale || 'en'}-u-nu-latn`, {notation: 'compact'});
    const told = (n) => (n === 1 ? words.one : words.many.replace('{count}', numbers.format(n)));
    for (const {name, marks} of found) {
      if (marks.whole) group.addLayer(new atlas.Dots(marks, name, told));
      else for (let k = 0; k < marks.count; k += 1) group.addLayer(mark(marks, k, name, told, numbers));
    }
    group.addTo(state.map);
    state.pointMarks = group;
    if (old) old.remove();
    state.frame.dataset.points = String(found.reduce((sum, {marks}) => sum + marks.count, 0));
    state.frame.dataset.every = String(found.length > 0 && found.every(({marks}) => marks.whole));
    say(state, found);
  }

  function mark({x, y, n}, k, name, told, numbers) {
    const at = [y[k] / STEPS, x[k] / STEPS];
    const count = n ? n[k] : 1;
    const made = count === 1
      ? L.circleMarker(at, {radius: 3, stroke: false, fillColor: atlas.colour('map-event'), fillOpacity: 0.6, pmIgnore: true})
      : new atlas.Bubble(at, {radius: Math.min(22, 9 + 1.3 * Math.log2(count)), number: numbers.format(count)});
    atlas.tooltip(made, name, told(count));
    return made;
  }

  /* Why not every place is drawn, where somebody wants them all. */
  function say(state, found) {
    const place = state.frame.querySelector('[data-points-said]');
    if (!place) return;
    const left = state.every ? found.filter(({marks}) => !marks.whole) : [];
    const {words} = state.layersGiven || {};
    const said = left.some(({together}) => !together) ? words.too_many : left.length ? words.kept_together : '';
    if (place.textContent !== said) place.textContent = said;
    place.hidden = !said;
  }

  const square = (steps) => steps / (360 * STEPS) + 0.5;
  const up = (steps) => {
    const sine = Math.sin((Math.max(-8505112, Math.min(8505112, steps)) / STEPS) * (Math.PI / 180));
    return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  };

  /* The colour of so many dots on one pixel, as the pixels of a picture hold it: one is seen, and many are darker. */
  function shades(colour) {
    const [red, green, blue] = colour.match(/\d+/g).map(Number);
    return Uint32Array.from({length: 256}, (_none, many) => ((255 * (1 - 0.6 * 0.93 ** (many - 1)) << 24) | (blue << 16) | (green << 8) | red) >>> 0);
  }

  /** All places of one layer: one path for Leaflet, painted from its columns as one picture. */
  const dotsClass = () => L.Path.extend({
    options: {pmIgnore: true, interactive: true},
    initialize({count, x, y, n}, name, told) {
      Object.assign(this, {_count: count, _n: n, _across: Float64Array.from(x, square), _down: Float64Array.from(y, up)});
      this._left = new Float32Array(count);
      this._top = new Float32Array(count);
      this._near = -1;
      this._dot = count > FEW ? 1 : 2;
      atlas.tooltip(this, name, ' ');
      this._note = this.getTooltip().getContent().lastChild;
      this._told = told;
      this.on('mousemove', () => { this._note.textContent = this._told(this._numberOf(this._near)); });
    },
    _numberOf(k) { return this._n && k >= 0 ? this._n[k] : 1; },
    _radius(k) { return this._dot + (this._n && this._n[k] > 1 ? Math.min(6, Math.round(0.7 * Math.log2(this._n[k]))) : 0); },
    _project() {
      const wide = 256 * 2 ** this._map.getZoom();
      const origin = this._map.getPixelOrigin();
      for (let k = 0; k < this._count; k += 1) {
        this._left[k] = this._across[k] * wide - origin.x;
        this._top[k] = this._down[k] * wide - origin.y;
      }
      this._pxBounds = new L.Bounds([-1e7, -1e7], [1e7, 1e7]);
    },
    _update() { if (this._map) this._updatePath(); },
    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || !renderer._bounds) return;
      const {min, max} = renderer._bounds;
      const [wide, high] = [Math.ceil(max.x - min.x), Math.ceil(max.y - min.y)];
      const heaps = this._heaps(wide, high, min);
      const picture = Object.assign(document.createElement('canvas'), {width: wide, height: high});
      const image = new ImageData(wide, high);
      const pixels = new Uint32Array(image.data.buffer);
      const ink = shades(atlas.colour('map-event'));
      for (let at = 0; at < pixels.length; at += 1) if (heaps[at]) pixels[at] = ink[heaps[at]];
      picture.getContext('2d').putImageData(image, 0, 0);
      renderer._ctx.drawImage(picture, min.x, min.y);
    },
    /* How many dots lie on each pixel, 255 at most: where many lie it is darker, and a hundred thousand cost no more. */
    _heaps(wide, high, {x, y}) {
      const heaps = new Uint8ClampedArray(wide * high);
      for (let k = 0; k < this._count; k += 1) {
        const r = this._radius(k);
        const left = Math.round(this._left[k] - x);
        const top = Math.round(this._top[k] - y);
        if (left < -r || top < -r || left >= wide + r || top >= high + r) continue;
        for (let row = Math.max(0, top - r); row <= Math.min(high - 1, top + r); row += 1) {
          const half = Math.floor(Math.sqrt((r + 0.5) ** 2 - (row - top) ** 2));
          const last = row * wide + Math.min(wide - 1, left + half);
          for (let at = row * wide + Math.max(0, left - half); at <= last; at += 1) heaps[at] += 1;
        }
      }
      return heaps;
    },
    _containsPoint({x, y}) {
      this._near = -1;
      let least = Infinity;
      for (let k = 0; k < this._count; k += 1) {
        const far = (this._left[k] - x) ** 2 + (this._top[k] - y) ** 2;
        if (far < least && far <= (this._radius(k) + 3) ** 2) {
          least = far;
          this._near = k;
        }
      }
      return this._near >= 0;
    },
  });

  atlas.parts.push({
    load() { atlas.Dots = dotsClass(); },
    adopt(state) {
      state.map.on('moveend', () => { if (state.layersGiven && state.layersGiven.show) ask(state); });
      state.map.on('unload', () => clearTimeout(state.pointsTimer));
    },
    answer(state, given) {
      state.layersGiven = given;
      ask(state);
    },
    every(state, wanted) {
      state.every = wanted;
      if (state.layersGiven) ask(state);
    },
    restyle(state) { if (state.layersGiven) ask(state); },
  });
})();
