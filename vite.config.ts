import react from '@vitejs/plugin-react';
import presetMantine from 'postcss-preset-mantine';
import { defineConfig } from 'vite';

/** Everything the server answers itself; the development server passes these on. */
const SERVER_PATHS = ['/api', '/v1', '/docs', '/openapi.json', '/healthz', '/readyz', '/files', '/widget.js', '/gsv-widget.js', '/widget-chat.js', '/samples', '/mcp', '/graphql'];
const target = 'http://localhost:3000';

export default defineConfig({
  root: 'src/web',
  plugins: [react()],
  css: { postcss: { plugins: [presetMantine()] } },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    // Lists every chunk and what it pulls in, so that a check can add up the first load of a page.
    manifest: true,
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(SERVER_PATHS.map((path) => [path, { target, ws: path === '/v1' }])),
  },
});
