/** The package ships no types; this is the part we use. */
declare module 'tesseract.js-core/tesseract-core-simd-lstm.js' {
  interface Api {
    /** 0 when the language was loaded from that folder. */
    Init(folder: string, language: string, engine: number): number;
    /** Reads the picture at `/input` in the library's own files. */
    SetImageFile(exifTurn: number, radians: number, picture: number): number;
    Recognize(monitor: null): number;
    GetUTF8Text(): string;
    /** 0 to 100. */
    MeanTextConf(): number;
    End(): void;
  }
  interface Core {
    TessBaseAPI: new () => Api;
    FS: { writeFile(name: string, bytes: Uint8Array): void; unlink(name: string): void };
    destroy(api: Api): void;
  }
  const start: (options: { wasmBinary: Uint8Array; print: () => void; printErr: () => void }) => Promise<Core>;
  export default start;
}
