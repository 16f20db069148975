// Sets the colour scheme before the page is drawn. The key is the one the theme provider reads (see main.tsx).
(function () {
  var chosen = null;
  try { chosen = localStorage.getItem('color-scheme'); } catch (error) { /* storage is off: follow the system */ }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
