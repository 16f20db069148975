/**
 * The architecture as data: a module may use the modules before it in this list, never one after it. Something needed
 * from further down the list is an event to subscribe to, or a port that main.ts fills.
 */
export const MODULES = [
  'identity',
  'capabilities',
  'models',
  'connections',
  'knowledge',
  'flows',
  'catalog',
  'billing',
  'subscriptions',
  'usage',
  'runtime',
  'automation',
  'gateway',
  'widget',
  'analytics',
  'operator',
];

/** The folders that may stand in `src`. */
export const TOP_FOLDERS = ['adapters', 'connectors', 'modules', 'platform', 'seed', 'testing', 'web'];

/** What picks adapters; everybody else is handed them. */
const COMPOSITION_ROOT = '^src/(main|choose-adapters)\\.ts$';
const TEST_CODE = ['\\.test\\.tsx?$', '^src/testing/', '^src/adapters/[^/]+/testing/', '^src/modules/.+/testing/', '^(bench|e2e|scripts)/'];
/** A contract is a file, or a file beside a folder of that name which holds its parts. */
const CONTRACT = ['^src/platform/contract/', '^src/modules/.+[/-]contract\\.ts$', '^src/modules/.+/contract/'];
/** What a module shows the others: its index, its ports, its contracts. */
const DOOR = ['^src/modules/[^/]+/(index|ports)\\.ts$', '^src/modules/.+[/-]contract\\.ts$'];
/** Tests that the owner of a port writes for everyone who implements it. */
const PORT_SUITE = ['^src/modules/[^/]+/testing/', '^src/modules/.+-suite\\.ts$'];
const BROWSER = ['^src/web/', '^src/modules/.+/(web|embed)/'];
const ZOD = 'node_modules/zod/';

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const onlyEarlierModules = MODULES.slice(0, -1).map((module, position) =>
  forbid(
    `${module}-comes-earlier`,
    'This module comes later in the list: subscribe to its event, or declare a port that main.ts fills.',
    // A test plays whole journeys, so it may use what comes later.
    { path: `^src/modules/${module}/`, pathNot: '\\.test\\.tsx?$' },
    { path: `^src/modules/(${MODULES.slice(position + 1).join('|')})/` },
  ));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...onlyEarlierModules,
    forbid(
      'no-cycle',
      'Files that need each other while they load are one file, or hide a third. (Types are gone by then.)',
      { path: '^src/' },
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'resolves',
      'The file or package does not exist, or package.json does not name it.',
      { path: '^src/' },
      { couldNotResolve: true },
    ),
    forbid(
      'platform-knows-nothing-else',
      'The kernel carries no word of the product.',
      { path: '^src/platform/', pathNot: TEST_CODE },
      { path: '^src/', pathNot: '^src/platform/' },
    ),
    forbid(
      'modules-are-handed-the-rest',
      'A module sees platform and modules; configuration and adapters are handed to it.',
      { path: '^src/modules/', pathNot: [...BROWSER, ...TEST_CODE] },
      { path: '^src/', pathNot: '^src/(platform|modules)/' },
    ),
    forbid(
      'enter-by-the-door',
      'Of another module use index.ts, ports.ts or a contract; its other files are private.',
      { path: '^src/modules/([^/]+)/', pathNot: TEST_CODE },
      { path: '^src/modules/', pathNot: ['^src/modules/$1/', ...DOOR, ...BROWSER] },
    ),
    forbid(
      'tests-enter-by-the-door',
      "A test may use another module's door and what that module made for tests; the rest is private.",
      { path: '^src/modules/([^/]+)/.+(\\.test\\.tsx?$|/testing/)' },
      { path: '^src/modules/', pathNot: ['^src/modules/$1/', ...DOOR, ...BROWSER, ...PORT_SUITE, '^src/modules/.+/testing/'] },
    ),
    forbid(
      'enter-by-the-door-from-outside',
      'Of a module use index.ts, ports.ts or a contract; its other files are private.',
      { path: '^src/', pathNot: ['^src/modules/', '^src/(adapters|connectors)/', ...BROWSER] },
      { path: '^src/modules/', pathNot: DOOR },
    ),
    forbid(
      'adapters-see-platform-and-ports',
      'An adapter fills a port: it sees the platform, ports and contracts, and no other adapter.',
      { path: '^src/adapters/([^/]+)', pathNot: TEST_CODE },
      { path: '^src/', pathNot: ['^src/platform/', '^src/adapters/$1', '^src/modules/[^/]+/ports\\.ts$', ...CONTRACT] },
    ),
    forbid(
      'adapter-tests-see-ports-and-suites',
      "A test of an adapter runs the port's own suite; the modules' other files are private.",
      { path: '^src/adapters/.+\\.test\\.tsx?$' },
      { path: '^src/modules/', pathNot: [...DOOR, ...PORT_SUITE] },
    ),
    forbid(
      'connectors-see-the-kit',
      'A connector sees the platform and the door of connections.',
      // The registry is the list of them.
      { path: '^src/connectors/([^/]+)', pathNot: [...TEST_CODE, '^src/connectors/registry\\.ts$'] },
      {
        path: '^src/',
        pathNot: ['^src/platform/', '^src/connectors/$1', '^src/modules/connections/(index|ports|kit)\\.ts$', '^src/modules/connections/.*contract\\.ts$'],
      },
    ),
    forbid(
      'only-main-picks-adapters',
      'Take a port; main.ts picks what fills it.',
      { path: '^src/', pathNot: ['^src/adapters/', COMPOSITION_ROOT, ...TEST_CODE] },
      { path: '^src/adapters/' },
    ),
    forbid(
      'only-tests-see-test-code',
      'Product code must run without the tests.',
      { path: '^src/', pathNot: [...TEST_CODE, ...PORT_SUITE] },
      { path: ['\\.test\\.tsx?$', '^src/testing/', ...PORT_SUITE, 'node_modules/vitest/'] },
    ),
    forbid(
      'browser-sees-browser-and-contracts',
      'Browser code sees browser code and contracts; the rest would drag the server into the page.',
      { path: BROWSER, pathNot: TEST_CODE },
      { path: '^src/', pathNot: [...BROWSER, ...CONTRACT] },
    ),
    forbid(
      'browser-has-no-node',
      'There is no Node in a browser.',
      { path: BROWSER, pathNot: TEST_CODE },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'server-sees-no-browser-code',
      'The server only serves what Vite built.',
      { path: '^src/', pathNot: [...BROWSER, ...TEST_CODE] },
      { path: BROWSER, pathNot: CONTRACT },
    ),
    forbid(
      'contracts-import-zod-and-contracts',
      'A contract travels to the browser: Zod and other contracts only.',
      { path: CONTRACT, pathNot: TEST_CODE },
      { pathNot: [...CONTRACT, ZOD] },
    ),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'browser', 'types', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
