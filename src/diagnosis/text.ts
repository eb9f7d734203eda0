import { clip } from '../clip.ts';
import type { Surface } from './diagnosis.ts';

/**
 * What the patterns see of a message, in characters. Each pattern takes linear time, but there are hundreds of them, and
 * some take hundreds of steps per character: this bound is what keeps any message, however long, below 50 ms.
 * ECS cuts its reasons at 1,024 characters; what is longer is build output, whose end tells most, or noise.
 */
const LIMIT = 8_000;
const TAIL_SHARE = 0.75;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every colour of a terminal
const COLOURS = /\u001B\[[\d;]{0,20}[A-Za-z]/g;
/** BuildKit's own log of a cache that is not there yet: the block of one step, up to its last line. */
const CACHE_MISS =
  /^#\d+ ERROR: [^\n]{0,500}not found\n(?:-{3,}\n)? ?> importing cache manifest[^\n]{0,500}(?::\n|\n|$)|^#(\d+) importing cache manifest[^\n]{0,500}\n#\1 ERROR: [^\n]{0,500}\n/gm;

/**
 * The message as rules read it: plain quotes, no colours, one line (build output keeps its lines, without the runner's
 * time stamps and without the misses of a cache when another error follows), at most 8,000 characters.
 */
export function normalise(text: string, surface: Surface): string {
  const plain = clip(text, LIMIT, TAIL_SHARE)
    .replace(COLOURS, '')
    .replace(/[\u2018\u2019\u201B]/g, "'")
    .replace(/[\u201C\u201D]/g, '"')
    .replace(/\u00A0/g, ' ')
    .replace(/\r\n?/g, '\n');
  if (surface !== 'buildx.stderr') return plain.replace(/\s+/g, ' ').trim();
  const lines = plain
    .replace(/[^\S\n]+/g, ' ')
    .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /gm, '')
    .replace(/^(?:Error: )?buildx (?:call )?failed with: /gm, '')
    .trim();
  return /^(?:ERROR|error): /m.test(lines) ? lines.replace(CACHE_MISS, '') : lines;
}

/** Names that users gave: behind `(service `, in a repository of ECR, and in ARNs. */
const NAMED =
  /(\(service |\.dkr[.-]ecr[.-][\w.-]{1,80}\/(?:v2\/)?|:(?:assumed-role|role|user|targetgroup|cluster|service|task-definition|repository|parameter)\/|:secret:|:log-group:\/?)(?!registry\b|aws-service-role|AWSServiceRole|zq[a-z]\b)([\w.-]{1,255}(?:\/(?!manifests\b|blobs\b|ECS|ecs-|GitHub)[\w.-]{1,255}){0,5})/g;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export interface Masked {
  readonly text: string;
  /** The names again, in what was taken from the masked text. */
  readonly restore: (part: string) => string;
}

/** The message without the names that users gave: a service called firelens-app does not mean that FireLens failed. */
export function mask(text: string): Masked {
  const names: string[] = [];
  const masked = text.replace(NAMED, (whole, before: string, name: string) => {
    const known = names.indexOf(name);
    const at = known >= 0 ? known : names.length;
    if (at >= LETTERS.length) return whole;
    if (known < 0) names.push(name);
    return `${before}zq${LETTERS[at]}`;
  });
  return {
    text: masked,
    restore: (part) =>
      part.replace(/\bzq([a-z])\b/g, (token, letter: string) => names[LETTERS.indexOf(letter)] ?? token),
  };
}
