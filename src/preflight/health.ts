import { asStrings, containersOf } from '../taskdef/template.ts';
import { type Check, warn } from './check.ts';
import type { Subject } from './subject.ts';
import { nameOf, objectOf } from './subject.ts';

/**
 * Health checks of containers that can never succeed, by how Docker reads the command: the first element says how the
 * others are run. The command itself is not shown; people put tokens into it.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export function judgeHealth({ definition }: Pick<Subject, 'definition'>): Check[] {
  return containersOf(definition).flatMap((container) => {
    const found = problemOf(asStrings(objectOf(container.healthCheck).command));
    return found ? [warn(`health check of ${nameOf(container)}`, found.problem, found.remedy)] : [];
  });
}

interface Problem {
  readonly problem: string;
  readonly remedy: string;
}

const SHELL_FORM = 'Write `["CMD-SHELL", "the whole command line || exit 1"]`.';
const OPERATOR = /^(?:\|\|?|&&?|;|>>?|2>&1|<)$/;

/** @param command `healthCheck.command`; empty where there is none */
export function problemOf(command: readonly string[]): Problem | undefined {
  const [first, ...others] = command;
  if (first === undefined || first === 'NONE') return undefined;
  if (first === 'CMD') {
    const [program = ''] = others;
    if (others.length === 0) return { problem: 'its command is only `CMD`, without a program.', remedy: SHELL_FORM };
    if (others.length === 1 && /\s/.test(program.trim())) {
      return {
        problem: 'a whole command line stands behind `CMD`, which runs a program of that name; there is none.',
        remedy: SHELL_FORM,
      };
    }
    if (others.some((word) => OPERATOR.test(word.trim())) || /(\|\||&&)/.test(others.at(-1) ?? '')) {
      return { problem: '`CMD` runs no shell, and takes `||`, `&&` and the like as arguments.', remedy: SHELL_FORM };
    }
    return undefined;
  }
  if (first === 'CMD-SHELL') {
    if (others.length === 0)
      return { problem: 'its command is only `CMD-SHELL`, without a command line.', remedy: SHELL_FORM };
    if (others.length > 1) {
      return {
        problem: `\`CMD-SHELL\` takes one command line, but ${others.length} elements follow: only the first is run.`,
        remedy: 'Join them to one string, or write `CMD` to run a program with arguments.',
      };
    }
    return undefined;
  }
  if (/^CMD-SHELL\s*,/.test(first) || /^CMD\s*,/.test(first)) {
    return {
      problem:
        'the form of the console (`CMD-SHELL, command`) stands in one element, so that Docker does not know how to run it.',
      remedy: SHELL_FORM,
    };
  }
  if (/^cmd[-_ ]?shell$/i.test(first)) {
    return {
      problem: `it begins with \`${first}\`, which Docker does not know.`,
      remedy: 'Write `CMD-SHELL`, in capitals and with a hyphen.',
    };
  }
  if (/^CMD(-SHELL)?\s/.test(first)) {
    return { problem: '`CMD-SHELL` and the command line stand in one element.', remedy: SHELL_FORM };
  }
  return {
    problem: 'its command begins with neither `CMD` nor `CMD-SHELL`, so that Docker does not know how to run it.',
    remedy: SHELL_FORM,
  };
}
