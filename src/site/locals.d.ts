/// <reference types="@astrojs/starlight" />

declare namespace App {
  interface Locals {
    /** Set on lesson pages by src/site/route.ts. */
    lesson?: {
      /** Counted from 1 through all parts. */
      number: number;
      /** How many lessons there will be. */
      of: number;
      part: string;
      minutes: number;
    };
  }
}
