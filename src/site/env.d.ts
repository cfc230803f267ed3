interface ImportMetaEnv {
  /** Folder of made figures: public/figures. */
  readonly FIGURES_FOLDER: string;
  /** The project's root. */
  readonly PROJECT_FOLDER: string;
}
