/* Vector tiles, as Mapbox specified them: a tile becomes layers of features with paths that a canvas draws. */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});

  /** Numbers, texts and nested messages of a protocol buffer. */
  class Buffer {
    constructor(bytes, from = 0, until = bytes.length) { Object.assign(this, {bytes, at: from, until}); }
    number() {
      let value = 0, shift = 1, byte;
      do {
        byte = this.bytes[this.at++];
        value += (byte & 127) * shift;
        shift *= 128;
      } while (byte & 128);
      return value;
    }
    message() {
      const size = this.number();
      this.at += size;
      return new Buffer(this.bytes, this.at - size, this.at);
    }
    text() { return new TextDecoder().decode(this.bytes.subarray(this.at, this.until)); }
    /** Call `take` with each field and its wire type; what it leaves unread is passed over. */
    each(take) {
      while (this.at < this.until) {
        const key = this.number();
        const before = this.at;
        take(key >> 3, this);
        if (this.at !== before) continue;
        const wire = key & 7;
        if (wire === 0) this.number();
        else if (wire === 1) this.at += 8;
        else if (wire === 2) this.message();
        else this.at += 4;
      }
    }
  }

  function valueOf(buffer) {
    let value = null;
    buffer.each((field, b) => {
      if (field === 1) value = b.message().text();
      else if (field === 2) { value = new DataView(b.bytes.buffer, b.bytes.byteOffset + b.at, 4).getFloat32(0, true); b.at += 4; }
      else if (field === 3) { value = new DataView(b.bytes.buffer, b.bytes.byteOffset + b.at, 8).getFloat64(0, true); b.at += 8; }
      else if (field === 4 || field === 5) value = b.number();
      else if (field === 6) { const n = b.number(); value = n % 2 ? -(n + 1) / 2 : n / 2; }
      else if (field === 7) value = !!b.number();
    });
    return value;
  }

  /** The layers of a tile by name: features with their properties and a path, or points, in units of 1 a tile. */
  atlas.decodeTile = function (bytes) {
    const layers = Object.create(null);
    new Buffer(bytes).each((field, buffer) => {
      if (field !== 3) return;
      const held = {name: '', extent: 4096, keys: [], values: [], features: []};
      buffer.message().each((part, b) => {
        if (part === 1) held.name = b.message().text();
        else if (part === 2) held.features.push(b.message());
        else if (part === 3) held.keys.push(b.message().text());
        else if (part === 4) held.values.push(valueOf(b.message()));
        else if (part === 5) held.extent = b.number();
      });
      layers[held.name] = held.features.map((feature) => featureOf(feature, held));
    });
    return layers;
  };

  function featureOf(buffer, {keys, values, extent}) {
    const found = {told: {}, kind: 0};
    buffer.each((field, b) => {
      if (field === 2) {
        const tags = b.message();
        while (tags.at < tags.until) {
          const key = keys[tags.number()];
          found.told[key] = values[tags.number()];
        }
      } else if (field === 3) found.kind = b.number();
      else if (field === 4) found.commands = b.message();
    });
    if (found.commands) shape(found, found.commands, extent);
    delete found.commands;
    return found;
  }

  /* The outline of an area leaves out where the tile was cut: the coast does not run along the edge of a tile. */
  function shape(found, b, extent) {
    const area = found.kind === 3;
    if (found.kind === 1) found.points = [];
    else {
      found.path = new Path2D();
      found.outline = area ? new Path2D() : found.path;
    }
    let x = 0, y = 0, startX = 0, startY = 0, pen = false;
    const step = () => { const n = b.number(); return n % 2 ? -(n + 1) / 2 : n / 2; };
    const edge = (value) => value < 0 || value > extent;
    const line = (toX, toY) => {
      if ((edge(x) && edge(toX) && x === toX) || (edge(y) && edge(toY) && y === toY)) { pen = false; return; }
      if (!pen) found.outline.moveTo(x / extent, y / extent);
      found.outline.lineTo(toX / extent, toY / extent);
      pen = true;
    };
    while (b.at < b.until) {
      const command = b.number();
      const what = command & 7;
      if (what === 7) {
        found.path.closePath();
        if (area) line(startX, startY); // the next ring is told from the last corner, not from the first
        continue;
      }
      for (let count = command >> 3; count > 0; count -= 1) {
        const toX = x + step(), toY = y + step();
        if (found.kind === 1) found.points.push([toX / extent, toY / extent]);
        else if (what === 1) {
          found.path.moveTo(toX / extent, toY / extent);
          startX = toX; startY = toY; pen = false;
        } else {
          if (area) line(toX, toY);
          found.path.lineTo(toX / extent, toY / extent);
        }
        x = toX; y = toY;
      }
    }
  }
})();
