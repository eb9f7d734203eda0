import { didYouMean } from '../spelling.ts';

/** A stage with a name, `FROM image AS name`. */
interface Stage {
  readonly name: string;
  readonly line: number;
}

/** What an instruction takes files or a base from: `FROM x`, `COPY --from=x`, `RUN --mount=from=x`. */
interface Use extends Stage {
  /** As it is written: `FROM x`, `--from=x`. */
  readonly text: string;
}

/** Instructions of a Dockerfile with the number of their first line; one that continues on the next line is one. */
function instructionsOf(text: string): readonly (readonly [text: string, line: number])[] {
  const found: [string, number][] = [];
  let open: [string, number] | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(raw)) continue;
    const instruction: [string, number] = open ?? ['', index + 1];
    const continues = /\\[ \t]*$/.test(raw);
    instruction[0] += ` ${continues ? raw.replace(/\\[ \t]*$/, '') : raw}`;
    if (!continues) found.push([instruction[0].trim(), instruction[1]]);
    open = continues ? instruction : undefined;
  }
  return open ? [...found, [open[0].trim(), open[1]]] : found;
}

/** The stages that have a name. https://docs.docker.com/reference/dockerfile/#from */
export const stagesOf = (text: string): readonly Stage[] =>
  instructionsOf(text).flatMap(([instruction, line]) => {
    const name = /^FROM\s.*?\sAS\s+([\w.-]+)/i.exec(instruction)?.[1];
    return name === undefined ? [] : [{ name, line }];
  });

const usesOf = (text: string): readonly Use[] =>
  instructionsOf(text).flatMap(([instruction, line]): Use[] => {
    const from = /^FROM\s+(?:--\S+\s+)*([\w.-]+)(?=\s|$)/i.exec(instruction)?.[1];
    if (from !== undefined) return [{ name: from, line, text: `FROM ${from}` }];
    if (!/^(?:COPY|ADD|RUN)\s/i.test(instruction)) return [];
    const flags = instruction.split(/\s/).filter((word) => /^--(?:from|mount)=/.test(word));
    const sources = flags.flatMap((flag) => flag.slice(flag.startsWith('--mount=') ? '--mount='.length : 2).split(','));
    return sources.flatMap((source) => {
      const name = /^from=([\w.-]+)$/.exec(source)?.[1];
      return name === undefined ? [] : [{ name, line, text: `--from=${name}` }];
    });
  });

/** A name that BuildKit took for an image, because no stage above has it. */
interface MissedStage extends Use {
  /** The stage or context that was probably meant. */
  readonly meant: string;
  /** Where the stage of exactly this name begins, when that is below. */
  readonly below?: number;
}

/**
 * The stage that a misspelt `FROM` or `--from` means.
 * @param image that BuildKit asked a registry for, such as `docker.io/library/bulid:latest`
 * @param contexts names of `build-contexts`, which count as stages do
 */
export function missedStage(text: string, image: string, contexts: readonly string[]): MissedStage | undefined {
  const [, name] = /^(?:docker\.io\/library\/)?([\w.-]+)(?::latest)?$/.exec(image) ?? [];
  if (name === undefined) return undefined;
  const use = usesOf(text).find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!use) return undefined;
  const stages = stagesOf(text);
  const below = stages.find((stage) => stage.name.toLowerCase() === name.toLowerCase());
  if (below) return { ...use, meant: below.name, below: below.line };
  const meant = didYouMean(name, [...stages.map((stage) => stage.name), ...contexts]);
  return meant === undefined ? undefined : { ...use, meant };
}
