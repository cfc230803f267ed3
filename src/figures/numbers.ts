/** How numbers are said. Every number a reader sees goes through here, so that picture, table and prose agree. */

/** Between a number and its sign no line may break. */
const NBSP = '\u00a0';

/**
 * Whole percentages that add up to the rounded whole (100 for shares of one thing), by largest remainder: every share is
 * rounded down, then the largest fractions are lifted, the earlier one on a tie. No share is ever one point or more off.
 */
export function wholePercents(shares: readonly number[]): number[] {
  const exact = shares.map((share) => share * 100);
  const floors = exact.map(Math.floor);
  const whole = Math.round(exact.reduce((sum, x) => sum + x, 0));
  let missing = whole - floors.reduce((sum, x) => sum + x, 0);
  const order = exact.map((x, i) => ({ i, left: x - floors[i] })).sort((a, b) => b.left - a.left || a.i - b.i);
  for (const { i } of order) {
    if (missing <= 0) break;
    floors[i] += 1;
    missing -= 1;
  }
  return floors;
}

/** '75 %' from 75. */
export function withPercentSign(percent: number): string {
  return `${percent}${NBSP}%`;
}

/** One share by itself, with the digits it deserves: '75 %', '7.7 %', '0.062 %', '0 %'. */
export function sayShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return withPercentSign(0);
  if (percent > 99.94 && percent < 100) return `above 99.9${NBSP}%`;
  if (percent >= 99.5 && percent < 100) return `${percent.toFixed(1)}${NBSP}%`;
  if (percent >= 9.95) return withPercentSign(Math.round(percent));
  if (percent >= 0.995) return `${percent.toFixed(1)}${NBSP}%`;
  const digits = Math.min(6, 1 - Math.floor(Math.log10(percent)));
  return `${percent.toFixed(digits)}${NBSP}%`;
}

/** A round share with no more digits than it has: '30 %', '0.1 %', '0.001 %'. */
export function sayPart(share: number): string {
  return `${Number((share * 100).toPrecision(6))}${NBSP}%`;
}

/** To one decimal of a per cent: '74.7 %'. */
export function sayTenthPercent(share: number): string {
  return `${(share * 100).toFixed(1)}${NBSP}%`;
}

/** Three decimals, for tables: '.420', '1', '0', and 'below .001' where three decimals would say nothing. */
export function sayDecimal(value: number): string {
  if (value === 0) return '0';
  if (value > 0 && value < 0.0005) return 'below .001';
  const text = value.toFixed(3);
  return text === '1.000' ? '1' : text.replace(/^(-?)0\./, '$1.');
}

/** A number that may be below 0, to three decimals (in pictures, two) and with a real minus: '.420', '−1.284', '0'. */
export function saySigned(value: number, decimals = 3): string {
  const digits = Math.abs(value).toFixed(decimals).replace(/^0\./, '.');
  if (Number(digits) === 0) return '0';
  return value < 0 ? `−${digits}` : digits;
}

/** A large whole number as prose says it: '20.2 million', '1 million', '614,400'. */
export function sayLarge(value: number): string {
  if (value < 999_500) return value.toLocaleString('en');
  const millions = value / 1e6;
  return `${Number(millions.toPrecision(3)).toLocaleString('en')}${NBSP}million`;
}

/** Parts per million: '200', '3', '0.2', 'below 0.1', '0'. */
export function sayPerMillion(value: number): string {
  const parts = value * 1e6;
  if (parts === 0) return '0';
  if (parts < 0.05) return 'below 0.1';
  if (parts < 0.95) return parts.toFixed(1);
  return Math.round(parts).toLocaleString('en');
}

/** An angle: '45°', '8.8°', '0°'. */
export function sayAngle(degrees: number): string {
  return `${degrees < 9.95 && degrees >= 0.05 ? degrees.toFixed(1) : Math.round(degrees)}°`;
}

/** One decimal: '5.4'. */
export function sayBits(bits: number): string {
  return bits.toFixed(1);
}

/** As numbers stand in files: eight decimals and no minus zero. Far finer than the tolerance, so nothing is lost by it. */
export function rounded(value: number): number {
  return Math.round(value * 1e8) / 1e8 + 0;
}
