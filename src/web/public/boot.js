// Runs before the page is drawn and before any module.
{
  // The colour scheme, so that dark never flashes white. The key is the one the theme provider reads (main.tsx).
  let chosen = null;
  try { chosen = localStorage.getItem('color-scheme'); } catch { /* storage is off: follow the system */ }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  // Zod would compile validators with `new Function`, which the content security policy rightly reports. Contracts are
  // evaluated before any code of ours, so its global configuration has to stand here.
  globalThis.__zod_globalConfig = { jitless: true };
}
