/** What `npm run evaluate` shows on a terminal. */
import { type HeadsReport, mean, type Scores } from './heads.ts';
import type { Quality, Target } from './quality.ts';
import type { Statement } from './seeds.ts';

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** The bar, line by line, with what was measured. */
export function targetLines(targets: readonly Target[]): string[] {
  return targets.map(({ statement, value, atMost, atLeast, unit, met }) => {
    const say = (number: number) => (unit === 'share' ? percent(number) : number.toFixed(unit === 'nats' ? 4 : 3));
    const bound =
      atMost !== undefined
        ? `at most ${say(atMost)}`
        : atLeast !== undefined
          ? `at least ${say(atLeast)}`
          : 'no target, only told';
    return `  ${met === null ? '·' : met ? '✓' : '✗'} ${say(value).padStart(8)}  (${bound})  ${statement}`;
  });
}

/** What the targets do not say. */
export function qualityLines({ gap, prefixes, kinds, strange, names }: Quality): string[] {
  const shares = strange.map(({ share }) => share);
  return [
    `  ${gap.loss.toFixed(4)} nats a word on ${gap.texts} held-out texts (${gap.places} places), of which the language needs ` +
      `${gap.entropy.toFixed(4)}; the gap is uncertain by ${gap.standardError.toFixed(4)}.`,
    `  At ${prefixes.count} held-out places the model needs ${prefixes.divergence.toFixed(4)} nats more than the exact odds do.`,
    `  With words never seen in such sentences: mean ${percent(mean(shares))}, worst ${percent(Math.min(...shares))}.`,
    ...names.map(({ name, sure }) => `  ${name}: the right name gets 0.9 or more in ${percent(sure)} of the texts.`),
    '  Nats too many by kind of text: ' +
      [...kinds]
        .sort((a, b) => b.divergence - a.divergence)
        .map(({ kind, divergence }) => `${kind} ${divergence.toFixed(3)}`)
        .join(', '),
    '  Furthest from the truth:',
    ...prefixes.worst.slice(0, 5).map(({ text, variation }) => `    ${variation.toFixed(3)}  ${text} …`),
  ];
}

/** Heads: where they look, what is lost without them, and who has which role. */
export function headLines({ heads, scores, evidence, roles }: HeadsReport): string[] {
  const columns = (of: Scores) =>
    [of.guide, of.frames, of.names, of.senses].map((scoresOf) => percent(mean(Object.values(scoresOf))).padStart(8));
  const lines = [
    'Without one head: nats a word that it costs, then right answers (the guide’s sentence, other frames, names, homonyms).',
    `  all             ${columns(scores).join(' ')}`,
    ...heads.map(
      ({ layer, head, costs, scoresWithout, looks }) =>
        `  ${layer}.${head}  ${costs.toFixed(3).padStart(7)}   ${columns(scoresWithout).join(' ')}   ${looks}`,
    ),
    '',
    'Roles:',
  ];
  for (const [role, { layer, head, measured, value, checks, alsoConvincing, withoutIt }] of Object.entries(evidence)) {
    const also = alsoConvincing.map((place) => `${place.layer}.${place.head}`).join(', ');
    lines.push(
      `  ${role}: ${roles[role] ? `layer ${layer}, head ${head}` : `no head (nearest: layer ${layer}, head ${head})`}` +
        `${also ? `; ${also} would do as well` : ''}`,
      `      ${value.toFixed(3)}  ${measured}`,
      ...checks.map(
        (check) =>
          `    ${check.refuted ? '✓' : '✗'} ${check.value.toFixed(3)}  ${check.measured} (rival: ${check.rival})`,
      ),
      ...(withoutIt
        ? [
            `      without it ${percent(withoutIt.nearer)} where the noun asked about is the nearer one, else ${percent(withoutIt.farther)}`,
          ]
        : []),
    );
  }
  return lines;
}

/** What holds in all trainings, and what does not. */
export function seedLines(statements: readonly Statement[]): string[] {
  const say = (value: number | string) =>
    typeof value === 'string' || Number.isInteger(value) ? String(value) : value.toFixed(3);
  return statements.map(
    ({ statement, values, holdsInAll }) => `  ${holdsInAll ? '✓' : '✗'} ${statement}  [${values.map(say).join(' | ')}]`,
  );
}
