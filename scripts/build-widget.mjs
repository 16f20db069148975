/**
 * Builds the widget's two scripts into dist/widget: `widget.js` (what customers include) and `widget-chat.js`
 * (loaded when the chat is first opened), plus `manifest.json` with sizes and integrity for documentation and
 * pinned embeds. Fails when a size budget is exceeded.
 *
 *   node scripts/build-widget.mjs [outDir]
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
const embed = path.join(projectRoot, 'src/modules/widget/embed');

/** Gzip bytes: the loader alone is in every page view of every customer; all is what an opened chat costs. */
const LOADER_GZIP_MAX = 15 * 1024;
const ALL_GZIP_MAX = 45 * 1024;

/** Builds both scripts; resolves to the manifest that was written. Throws when a budget is exceeded. */
export async function buildWidget(outDir = path.join(projectRoot, 'dist/widget')) {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const chat = await bundle('chat.ts', 'widget-chat.js', outDir, {});
  const version = createHash('sha256').update(chat).digest('hex').slice(0, 12);
  const loader = await bundle('loader.ts', 'widget.js', outDir, { __CHAT_VERSION__: JSON.stringify(version) });
  const files = { 'widget.js': describe(loader), 'widget-chat.js': describe(chat) };
  const all = files['widget.js'].gzip + files['widget-chat.js'].gzip;
  await writeFile(path.join(outDir, 'manifest.json'), `${JSON.stringify({ version, gzip: all, files }, null, 2)}\n`);
  if (files['widget.js'].gzip > LOADER_GZIP_MAX) throw new Error(`widget.js is ${files['widget.js'].gzip} B gzip, more than ${LOADER_GZIP_MAX}.`);
  if (all > ALL_GZIP_MAX) throw new Error(`The widget is ${all} B gzip in all, more than ${ALL_GZIP_MAX}.`);
  return { version, gzip: all, files };
}

async function bundle(entry, fileName, outDir, define) {
  await build({
    configFile: false,
    root: projectRoot,
    logLevel: 'warn',
    define,
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2020',
      // Logical properties, :is() and dvh stay as written: browsers with shadow roots and constructed sheets have them.
      cssTarget: ['chrome111', 'firefox113', 'safari16.4'],
      minify: true,
      cssMinify: true,
      reportCompressedSize: false,
      lib: { entry: path.join(embed, entry), formats: ['iife'], name: 'cmpWidgetBundle', fileName: () => fileName },
    },
  });
  return readFile(path.join(outDir, fileName));
}

function describe(content) {
  return {
    bytes: content.length,
    gzip: gzipSync(content, { level: 9 }).length,
    integrity: `sha384-${createHash('sha384').update(content).digest('base64')}`,
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { version, gzip, files } = await buildWidget(process.argv[2]);
  for (const [name, { bytes, gzip: size }] of Object.entries(files)) console.log(`${name}  ${bytes} B, ${size} B gzip`);
  console.log(`all together  ${gzip} B gzip, version ${version}`);
}
