/**
 * What every page is told about its place: the sidebar (only what exists, numbered by the outline), what comes before and
 * after, and for a lesson its number, part and reading time.
 */

import { getCollection } from 'astro:content';
import { defineRouteMiddleware, type StarlightRouteData } from '@astrojs/starlight/route-data';
import outlineText from '../../content/outline.yaml?raw';
import { withBase } from './base.ts';
import { isShown } from './drafts.ts';
import { lessonsOf, readOutline } from './outline.ts';
import { readingMinutes } from './reading-time.ts';

type SidebarEntry = StarlightRouteData['sidebar'][number];
type SidebarLink = Extract<SidebarEntry, { type: 'link' }>;

export const onRequest = defineRouteMiddleware(async ({ locals }) => {
  const route = locals.starlightRoute;
  const pages = await getCollection('docs', isShown);
  const titles = new Map(pages.map((page) => [page.id, page.data.title]));
  const base = import.meta.env.BASE_URL;
  const parts = readOutline(outlineText);

  const link = (id: string, label: string, number?: number): SidebarLink => ({
    type: 'link',
    label,
    href: withBase(base, `/${id}/`),
    isCurrent: route.id === id,
    badge: undefined,
    attrs: number === undefined ? {} : { 'data-number': number },
  });
  const group = (label: string, entries: SidebarLink[]): SidebarEntry[] =>
    entries.length === 0 ? [] : [{ type: 'group', label, entries, collapsed: false, badge: undefined }];

  const written = lessonsOf(parts).filter(({ slug }) => titles.has(`lessons/${slug}`));
  const reference = pages
    .filter(({ id }) => id.startsWith('reference/'))
    .sort((a, b) => (a.data.sidebar.order ?? 99) - (b.data.sidebar.order ?? 99) || a.id.localeCompare(b.id));

  route.sidebar = [
    ...parts.flatMap((part) =>
      group(
        part.title,
        part.lessons.filter((l) => written.includes(l)).map((l) => link(`lessons/${l.slug}`, l.short, l.number)),
      ),
    ),
    ...group(
      'Reference',
      reference.map(({ id, data }) => link(id, data.sidebar.label ?? data.title)),
    ),
  ];

  // The three lines to keep and the questions are components of ours, which the headings of the Markdown do not show.
  // What stands in a sample of code is not in the page.
  const body = (route.entry.body ?? '').replace(/^```[\s\S]*?^```/gm, '');
  if (/^<Keep>/m.test(body)) {
    route.toc?.items.push({ depth: 2, slug: 'keep-this', text: 'Keep this', children: [] });
  }
  if (/^<Checks>/m.test(body)) {
    route.toc?.items.push({ depth: 2, slug: 'check-yourself', text: 'Check yourself', children: [] });
  }
  // The link to the title is always there, unseen: it is the current one while a reader is above the first heading.
  if (route.toc?.items.every(({ slug }) => slug === '_top')) route.toc = undefined;

  route.pagination = { prev: undefined, next: undefined };
  const here = written.findIndex(({ slug }) => route.id === `lessons/${slug}`);
  if (here === -1) {
    if (!route.id.startsWith('lessons/')) return;
    throw new Error(
      `${route.entry.filePath} is a lesson that content/outline.yaml does not name. Add it there, at its place: the outline numbers the lessons.`,
    );
  }
  const neighbour = (index: number) => {
    const lesson = written[index];
    if (!lesson) return undefined;
    return link(`lessons/${lesson.slug}`, titles.get(`lessons/${lesson.slug}`)!, lesson.number);
  };
  const lesson = written[here];
  route.pagination = { prev: neighbour(here - 1), next: neighbour(here + 1) };
  locals.lesson = {
    number: lesson.number,
    of: lessonsOf(parts).length,
    part: lesson.part,
    minutes: route.entry.data.minutes ?? readingMinutes(route.entry.body ?? ''),
  };
});
