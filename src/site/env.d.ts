interface ImportMetaEnv {
  /** Folder of made figures: public/figures. */
  readonly FIGURES_FOLDER: string;
  /** The project's root. */
  readonly PROJECT_FOLDER: string;
}

/** The address of a compiled WebAssembly file; see wasm.ts. */
declare module 'wasm:*' {
  const address: string;
  export default address;
}
