/** The engine's declarations name this type of its compiler without bringing it; this is the part we use. */
interface EmscriptenModule {
  /** Views of the engine's memory; they change when it grows, so take them anew after each call. */
  HEAPU8: Uint8Array;
  HEAPU16: Uint16Array;
  HEAPF32: Float32Array;
  HEAPF64: Float64Array;
}
