/* Lazy loading of the largest scripts and their style sheets: each is fetched when the first component that needs it is
   shown. Their addresses, by name, are an attribute of the tag of our own script (`asset_bundle.script_tags`). */
(() => {
  const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds before the next try; the last one stays
  const tag = document.getElementById("muster-script");
  const addresses = JSON.parse(tag.dataset.lazy);
  const coming = {};

  const element = (name) => {
    const style = name.endsWith(".css");
    const made = document.createElement(style ? "link" : "script");
    if (style) Object.assign(made, { rel: "stylesheet", href: addresses[name] });
    else made.src = addresses[name];
    return made;
  };

  const fetched = (name, done, tries = 0) => {
    const made = element(name);
    made.onload = () => done();
    made.onerror = () => { // a network that comes and goes
      made.remove();
      setTimeout(() => fetched(name, done, tries + 1), 1000 * PAUSES[Math.min(tries, PAUSES.length - 1)]);
    };
    document.head.insertBefore(made, document.querySelector('link[href^="/assets/muster.css"]')); // our styles win
  };

  window.musterScripts = {
    /** Resolves when the file of this name has been loaded. */
    load: (name) => (coming[name] = coming[name] || new Promise((done) => fetched(name, done))),
  };
})();
