/* Image export of the map in view, with its marking above and below: drawn in the browser by html-to-image. */
(function () {
  const LEFT_OUT = ['plan-search', 'plan-tools', 'plan-toast', 'atlas-hint', 'leaflet-control-zoom'];
  const BAND = 26;

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-picture]');
    const atlas = button && document.querySelector('.plan .atlas');
    if (!atlas || button.disabled) return;
    button.disabled = true;
    picture(atlas, button.dataset).then(save).finally(() => { button.disabled = false; });
  });

  async function picture(atlas, words) {
    const ratio = Math.max(2, window.devicePixelRatio || 1);
    const keep = (node) => !LEFT_OUT.some((name) => node.classList && node.classList.contains(name));
    const sources = atlas.querySelector('.atlas-sources');
    const open = sources.open;
    sources.open = true; // a picture names all whose data it shows
    await new Promise((shown) => setTimeout(shown, 300)); // the map has taken its new size
    const map = await window.htmlToImage.toCanvas(atlas, {filter: keep, pixelRatio: ratio, skipFonts: true});
    sources.open = open;
    const whole = document.createElement('canvas');
    const band = BAND * ratio;
    whole.width = map.width;
    whole.height = map.height + 2 * band;
    const ink = whole.getContext('2d');
    const style = getComputedStyle(atlas);
    ink.fillStyle = style.getPropertyValue('--m-surface');
    ink.fillRect(0, 0, whole.width, whole.height);
    ink.drawImage(map, 0, band);
    ink.fillStyle = style.getPropertyValue('--m-ink');
    ink.font = `600 ${12 * ratio}px ${style.fontFamily}`;
    ink.textAlign = 'center';
    ink.textBaseline = 'middle';
    ink.direction = style.direction;
    const minute = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    ink.fillText(words.marking, whole.width / 2, band / 2);
    ink.fillText(`${words.marking} · ${words.title} · \u2066${minute}\u2069`, whole.width / 2, whole.height - band / 2, whole.width);
    return new Promise((done) => { whole.toBlob(done, 'image/png'); });
  }

  function save(image) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(image);
    link.download = `muster-map-${new Date().toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-')}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
})();
