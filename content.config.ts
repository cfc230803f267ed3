import { defineCollection } from 'astro:content';
import { docsLoader, i18nLoader } from '@astrojs/starlight/loaders';
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema';
import { z } from 'astro/zod';

export const collections = {
  docs: defineCollection({
    loader: docsLoader(),
    schema: docsSchema({
      extend: z.object({
        /** The question a lesson opens with; a *word* spoken of as a word stands in asterisks. */
        question: z.string().optional(),
        /** Reading time, where counting words would mislead. */
        minutes: z.number().int().positive().optional(),
        /** Figures by name. Their own schemas (src/figures) check them, with the line of each mistake. */
        figures: z.record(z.string(), z.unknown()).optional(),
      }),
    }),
  }),
  /** The furniture's own words, where Starlight's are not ours. */
  i18n: defineCollection({ loader: i18nLoader(), schema: i18nSchema() }),
};
