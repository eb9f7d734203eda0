// Stryker's plugins of `npm run mutate`: which mutants are left out. JavaScript, so that nothing but that command needs Stryker's types.
import { createHash } from 'node:crypto';
import { declareClassPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** `SAMPLE=40 SEED=1`; without SAMPLE all mutants run. */
const { SAMPLE, SEED = '1' } = process.env;

const rank = (mutant) => createHash('sha256').update(`${SEED} ${mutant.id}`).digest('hex');

/** Lets so many mutants through, drawn by the seed; Stryker counts the others as not compiled, which is in no score. */
class Sample {
  async init() {}

  group(mutants) {
    return [mutants.map(({ id }) => id)];
  }

  async check(mutants) {
    const drawn = new Set(
      mutants
        .toSorted((a, b) => rank(a).localeCompare(rank(b)))
        .slice(0, SAMPLE === undefined ? undefined : Number(SAMPLE))
        .map(({ id }) => id),
    );
    return Object.fromEntries(
      mutants.map(({ id }) => [
        id,
        drawn.has(id) ? { status: 'passed' } : { status: 'compileError', reason: 'not drawn' },
      ]),
    );
  }
}

/** Sentences for people, which are held by the golden texts and the frozen outputs; words that decide have no space in them. */
const wording = {
  shouldIgnore({ node }) {
    const text =
      node.type === 'StringLiteral'
        ? node.value
        : node.type === 'TemplateLiteral'
          ? node.quasis.map(({ value }) => value.raw).join('')
          : '';
    return /\S \S/.test(text) ? 'wording' : undefined;
  },
};

export const strykerPlugins = [
  declareClassPlugin(PluginKind.Checker, 'sample', Sample),
  declareValuePlugin(PluginKind.Ignore, 'wording', wording),
];
