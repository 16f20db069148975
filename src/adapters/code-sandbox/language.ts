import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { packageRoot, permissionFlags, type ChildOptions } from '#platform/process/bounded-child.ts';
import { writeStrippedProgram } from '#platform/process/stripped-program.ts';
import type { CodeCall } from '#modules/flows/ports.ts';

export type Language = CodeCall['language'];

const MB = 1024 * 1024;
const ROOT = packageRoot();
const installed = createRequire(import.meta.url);

interface Runtime {
  folder: string;
  /** The engine's packages; without the first the language is not there. */
  packages: readonly string[];
  /** Memory of the engine, in pages of 64 KiB, where V8 has to bound it. */
  wasmPagesMax: number;
  /** Resident memory of the process: the engine's memory and what it takes to run it. */
  memoryBytesMax: number;
  /** Calls of one tenant that one process may serve, each in an engine of its own; 1 where the engine lives as long as its process. */
  callsMax: number;
}

export const RUNTIMES: Record<Language, Runtime> = {
  javascript: { folder: 'javascript', packages: ['quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync', '@jitl/quickjs-ffi-types'], wasmPagesMax: 1024, memoryBytesMax: 320 * MB, callsMax: 50 },
  python: { folder: 'python', packages: ['pyodide'], wasmPagesMax: 4096, memoryBytesMax: 560 * MB, callsMax: 1 },
};

/** Whether what runs the language is installed; Python may be left out. */
export function isInstalled(language: Language): boolean {
  const [name = ''] = RUNTIMES[language].packages;
  try {
    installed.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** A file of an installed package. */
export const packageFile = (name: string, file: string): string => path.join(ROOT, 'node_modules', name, file);

/** What every child is started with. */
export interface Surroundings {
  /** See `isolation.ts`. */
  launcher: readonly string[];
  /** Folder with the children's part of this program; see {@link writeProgram}. */
  program: string;
  /** An empty folder. */
  cwd: string;
  /** File with the state of a started interpreter; null starts it anew, which takes ten times as long. */
  pythonSnapshot: string | null;
}

const HERE = path.relative(ROOT, import.meta.dirname).replaceAll(path.sep, '/');
/** All that children load of this program. */
const PROGRAM = [
  'src/platform/process/frames.ts',
  ...['protocol.ts', 'serve-requests.ts', 'javascript/child.ts', 'javascript/run-javascript.ts', 'javascript/sandbox.js'].map((file) => `${HERE}/${file}`),
  ...['child.ts', 'close-doors.ts', 'run-python.ts', 'sandbox.py', 'snapshot/child.ts'].map((file) => `${HERE}/python/${file}`),
];

/** Writes what children load to a folder. */
export const writeProgram = async (folder: string): Promise<void> =>
  writeStrippedProgram(folder, PROGRAM, Object.values(RUNTIMES).flatMap(({ packages }) => packages.filter((name) => existsSync(packageFile(name, 'package.json')))));

/**
 * How a process for the language is started. It may read its own code and its engine, nothing else.
 * @param entry its file in the language's folder
 */
export function childOptions(language: Language, { launcher, program, cwd, pythonSnapshot }: Surroundings, outputBytesMax: number, entry = 'child.js'): ChildOptions {
  const { folder, packages, wasmPagesMax, memoryBytesMax } = RUNTIMES[language];
  const args = language === 'python' && pythonSnapshot !== null ? [pythonSnapshot] : [];
  const readable = [program, ...packages.map((name) => path.join(ROOT, 'node_modules', name)), ...args];
  return {
    entry: path.join(program, HERE, folder, entry), args, launcher, cwd, memoryBytesMax, outputBytesMax,
    flags: [
      ...permissionFlags(readable), `--wasm-max-mem-pages=${wasmPagesMax}`, '--max-old-space-size=64', '--disallow-code-generation-from-strings',
      '--disable-warning=ExperimentalWarning', '--no-deprecation',
    ],
  };
}
