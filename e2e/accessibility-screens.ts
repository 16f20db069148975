/** Every screen that is registered, as an address that can be opened: taken from the routes themselves, so that none is forgotten. */
import path from 'node:path';
import { z } from 'zod';

const Screens = z.array(z.looseObject({ path: z.string(), title: z.string(), aliases: z.array(z.string()).optional(), component: z.unknown().optional() }));
const FILES = { public: 'publicScreens', buyer: 'buyerScreens', seller: 'sellerScreens', operator: 'operatorScreens' } as const;
export type Persona = keyof typeof FILES;

/** The paths of a persona's screens that exist, with `$names` where something is filled in. */
export async function screensOf(persona: Persona): Promise<readonly string[]> {
  const file = path.resolve(import.meta.dirname, `../src/web/routes/${persona}.tsx`);
  // By a name that is only known here: these tests are checked without the browser's own settings.
  const routes = z.record(z.string(), z.unknown()).parse(await import(file));
  return Screens.parse(routes[FILES[persona]]).filter(({ component }) => component !== undefined).flatMap((screen) => [screen.path, ...(screen.aliases ?? [])]);
}

/** The path with its names filled in. Throws for a name nobody gave: a new screen has to say what it is opened with. */
export const addressOf = (screen: string, values: Readonly<Record<string, string>>): string => screen.replaceAll(/\$(\w+)/g, (_, name: string) => {
  const value = values[name];
  if (value === undefined) throw new Error(`${screen} needs ${name}: give accessibility.spec.ts something to open it with`);
  return value;
});
