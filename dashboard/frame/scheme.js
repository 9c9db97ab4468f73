/* Which look the system asks for: told to the server by a cookie, so that figures are drawn in it. Where it changes while
   a page is open, and nobody chose another, the page takes it. */
(() => {
  const wanted = matchMedia("(prefers-color-scheme: dark)");
  const tell = () => {
    document.cookie = `muster-scheme=${wanted.matches ? "dark" : "light"}; path=/; max-age=31536000; samesite=lax` +
      (location.protocol === "https:" ? "; secure" : "");
  };
  tell();
  wanted.addEventListener("change", () => { tell(); dispatchEvent(new Event("muster:look")); });
})();
