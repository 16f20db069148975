/** The part of WebAssembly that is used; the types of Node have none. */
declare namespace WebAssembly {
  interface Module { readonly [Symbol.toStringTag]: string }
  class Memory {
    /** Sizes in pages of 64 KiB. */
    constructor(size: { initial: number; maximum: number });
    readonly buffer: ArrayBuffer;
  }
  class RuntimeError extends Error {}
  function compile(bytes: Uint8Array): Promise<Module>;
}

/** The package describes only how it is loaded with `require`. */
declare module '@jitl/quickjs-wasmfile-release-sync' {
  // oxlint-disable-next-line typescript/consistent-type-imports -- an import would make this file a module, which describes no other
  const variant: import('quickjs-emscripten-core').QuickJSSyncVariant;
  export default variant;
}
