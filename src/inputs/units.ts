/** What is to be written in place of a number with a unit, or of a size in another unit. */

/** What is wrong, as a clause that follows the value, and what is to be written. */
interface Wrong {
  readonly problem: string;
  readonly remedy: string;
}

export interface Range {
  readonly min: number;
  readonly max: number;
  /** What is counted: `minutes`, `seconds`, `milliseconds`, or words such as `a number of tasks`. */
  readonly unit: string;
}

/** In milliseconds. */
const SPANS: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/, 1],
  [/^(?:s|secs?|seconds?)$/, 1000],
  [/^(?:m|mins?|minutes?)$/, 60_000],
  [/^(?:h|hrs?|hours?)$/, 3_600_000],
  [/^(?:d|days?)$/, 86_400_000],
];
const COUNTED: Readonly<Record<string, number>> = { milliseconds: 1, seconds: 1000, minutes: 60_000 };

/**
 * Why this text is not a number of the range, and the number that was most likely meant: `600s` of minutes is 10, `1h30m` is 90, `50%` is
 * 50, `1_000` is 1000.
 */
export function wrongNumber(text: string, range: Range): Wrong {
  const { min, max, unit } = range;
  const give = `Give ${unit}, from ${min} to ${max}.`;
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isNaN(number)) return { problem: 'is out of range.', remedy: `${give}${smallerUnit(number, range)}` };
  const meant = spanOf(text, unit) ?? countOf(text, unit);
  if (meant === undefined) return { problem: 'is not a whole number.', remedy: give };
  const { value, problem, amount } = meant;
  const written = [...new Set([Math.floor(value), Math.ceil(value)])].filter((one) => one >= min && one <= max);
  if (Number.isInteger(value) && written.length === 1) return { problem, remedy: `Write \`${value}\`.` };
  if (Number.isInteger(value)) return { problem: `is ${amount}, which is out of range.`, remedy: give };
  return {
    problem: `is ${amount}, and a whole number is needed.`,
    remedy: written.length === 0 ? give : `Write ${written.map((one) => `\`${one}\``).join(' or ')}.`,
  };
}

/** `1800` of minutes: seconds, which are 30 minutes. And 0, which GitHub passes for a number that the caller of a workflow left out. */
function smallerUnit(number: number, { min, max, unit }: Range): string {
  if (number === 0 && min > 0)
    return " To leave it out pass an empty text: GitHub passes 0 for a `number` input of a called workflow that has no default, and `${{ inputs.NAME || '' }}` makes it empty.";
  const [smaller = '', times = 0] = SMALLER[unit] ?? [];
  const value = number / times;
  return number > max && Number.isInteger(value) && value >= Math.max(1, min) && value <= max
    ? ` ${number} ${smaller} are \`${value}\` ${unit}.`
    : '';
}

const SMALLER: Readonly<Record<string, readonly [string, number]>> = {
  minutes: ['seconds', 60],
  seconds: ['milliseconds', 1000],
};

interface Meant {
  readonly value: number;
  readonly problem: string;
  /** The value in words. */
  readonly amount: string;
}

/** `5m`, `1h30m`, `600 seconds` in the unit of the input. */
function spanOf(text: string, unit: string): Meant | undefined {
  const each = COUNTED[unit];
  const small = text.toLowerCase();
  if (each === undefined || !/^(?:\d+(?:\.\d+)?\s*[a-z]+[\s,]*)+$/.test(small)) return undefined;
  let milliseconds = 0;
  for (const [, number = '', word = ''] of small.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const span = SPANS.find(([names]) => names.test(word))?.[1];
    if (span === undefined) return undefined;
    milliseconds += Number(number) * span;
  }
  const value = rounded(milliseconds / each);
  return { value, problem: `has a unit, but the input counts ${unit}.`, amount: `${value} ${unit}` };
}

/** `50%`, `2 tasks`, `1_000`, `5.0`: a number, and what the input does not take beside it. */
function countOf(text: string, unit: string): Meant | undefined {
  const [, digits = '', rest = ''] = /^(\d{1,3}(?:[_,]\d{3})+|\d+(?:\.\d+)?)\s*(%|[a-z]*)$/i.exec(text) ?? [];
  if (digits === '') return undefined;
  const word = rest.toLowerCase().replace(/s$/, '');
  const isUnit = rest === '%' ? unit.includes('percent') : word.length > 2 && unit.includes(word);
  if (rest !== '' && !isUnit) return undefined;
  const value = Number(digits.replaceAll(/[_,]/g, ''));
  const problem = rest === '' ? 'is not written in digits alone.' : `has \`${rest}\` behind the number.`;
  return { value, problem, amount: String(value) };
}

/** To a thousandth: 100 seconds are 1.667 minutes. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Fewer CPU units ECS refuses for a task: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html */
const LEAST_UNITS = 128;
/** Of Docker for each container, since its version 20.10 (ContainerDefinition.memory of the same API). */
const LEAST_MIB = 6;
/** The largest task has 192 vCPU; more is hardly a number of vCPU. */
const MOST_VCPU = 192;
const EACH = 1024;

/** Task-level CPU as ECS takes it: units, or vCPU. */
export const CPU = {
  pattern: /^0*(?:12[89]|1[3-9]\d|[2-9]\d\d|[1-9]\d{3,})$|^\d*\.?\d+\s*vcpus?$/i,
  expected: 'CPU units such as `256`, or vCPU such as `0.25 vCPU`',
  meant: meantCpu,
};

function meantCpu(text: string): Wrong | undefined {
  const [, digits = '', unit = ''] = /^(\d*\.?\d+)\s*(m|cores?|cpus?)?$/i.exec(text) ?? [];
  const number = Number(digits);
  if (digits === '' || number === 0) return undefined;
  // Of Kubernetes: 1000m are one CPU.
  const vcpu = unit.toLowerCase() === 'm' ? number / 1000 : number;
  const units = vcpu * EACH;
  if (vcpu > MOST_VCPU || !Number.isInteger(units) || units < LEAST_UNITS) {
    return unit === '' && Number.isInteger(number)
      ? {
          problem: `is fewer than ${LEAST_UNITS} CPU units, which ECS refuses.`,
          remedy: `${UNITS} Write \`256\` for 0.25 vCPU.`,
        }
      : undefined;
  }
  const problem =
    unit === '' && Number.isInteger(number)
      ? `is ${number === 1 ? 'one CPU unit' : `${number} CPU units`}; ECS takes ${LEAST_UNITS} or more.`
      : 'is not written as ECS takes it.';
  return { problem, remedy: `${UNITS} For ${vcpu} vCPU write \`${units}\`.` };
}
const UNITS = `1 vCPU is ${EACH} CPU units.`;

/** Task-level memory as ECS takes it: MiB, or GB. */
export const MEMORY = {
  pattern: /^0*(?:[6-9]|[1-9]\d+)$|^\d*\.?\d+\s*gb$/i,
  expected: 'MiB such as `512`, or GB such as `0.5 GB`',
  meant: meantMemory,
};

function meantMemory(text: string): Wrong | undefined {
  const [, digits = '', unit = ''] = /^(\d*\.?\d+)\s*(g|gib|gi|m|mb|mib|mi)?$/i.exec(text) ?? [];
  const number = Number(digits);
  if (digits === '' || number === 0) return undefined;
  const isMib = /^m/i.test(unit);
  const mib = isMib ? number : number * EACH;
  if (!Number.isInteger(mib) || mib < LEAST_MIB) return undefined;
  const problem =
    unit === '' && Number.isInteger(number)
      ? `is ${number} MiB; a container takes ${LEAST_MIB} or more.`
      : 'is not written as ECS takes it.';
  return {
    problem,
    remedy: isMib
      ? `It takes MiB without a unit: write \`${mib}\`.`
      : `1 GB is ${EACH} MiB. For ${number} GB write \`${mib}\`.`,
  };
}
