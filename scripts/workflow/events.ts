/** The events that start a workflow, each with the `github` context of a run for it. */
import { type Node, object, type Texts } from './steps.ts';

/** An event of a workflow, and one run for it. */
export interface RunEvent {
  /** `push` */
  readonly name: string;
  /** `a push of the tag v1.2.3` */
  readonly title: string;
  /** `github.ref`, `github.event.release.tag_name`: by path, as `--set` gives it. */
  readonly facts: ReadonlyMap<string, string>;
  /** Whether GitHub starts the workflow for this ref. */
  readonly starts: boolean;
}

const list = (value: unknown): readonly string[] =>
  value === undefined || value === null ? [] : [value].flat().map((one) => String(one));

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet */
const regExpOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern.replaceAll(/\[[^\]]*\]|\*\*\/?|[*?+]|[.^$(){}|\\/]/g, (found) => {
      if (found.startsWith('[') || found === '?' || found === '+') return found;
      if (found.startsWith('**')) return '.*';
      return found === '*' ? '[^/]*' : `\\${found}`;
    })}$`,
  );

/** The last pattern that matches decides, and `!` before it excludes. */
function matches(name: string, patterns: readonly string[]): boolean {
  const last = patterns.findLast((one) => regExpOf(one.replace(/^!/, '')).test(name));
  return last !== undefined && !last.startsWith('!');
}

/** Names that a pattern takes: for a tag those of a release and a prerelease. */
function namesOf(pattern: string, kind: 'branch' | 'tag'): string[] {
  const single = pattern.replaceAll(/\[(.)[^\]]*\]/g, (_, first: string) => (first === '0' ? '1' : first));
  const plain = single.replaceAll(/[?+]/g, '');
  const versions = kind === 'tag' ? ['1.2.3', '1.2.3-rc.1'] : [];
  const ended = versions.map((version) => plain.replace(/\*+.*$/, version));
  const inside = plain.replaceAll(/\*+/g, kind === 'tag' ? '1' : 'x');
  const fitting = [...(plain.includes('*') ? ended : []), inside].filter((name) => matches(name, [pattern]));
  return fitting.length > 1 ? fitting.slice(0, versions.length || 1) : fitting.length === 1 ? fitting : [inside];
}

/** The refs that stand for `branches` and `tags` of an event, in that order. */
export function refsLike(patterns: readonly string[]): string[] {
  return patterns.flatMap((ref) => {
    const [, kind = 'heads', pattern = ref] = /^refs\/(heads|tags)\/(.*)$/.exec(ref) ?? [];
    if (pattern.startsWith('!')) return [];
    return namesOf(pattern, kind === 'tags' ? 'tag' : 'branch').map((name) => `refs/${kind}/${name}`);
  });
}

/** `branches`, `branches-ignore`, `tags` and `tags-ignore` of an event. */
class Filter {
  readonly #of: Node;

  constructor(of: Node) {
    this.#of = of;
  }

  /** Filters of one kind alone exclude refs of the other kind. */
  takes(kind: 'branch' | 'tag', name: string): boolean {
    const [own, other] = kind === 'branch' ? ['branches', 'tags'] : ['tags', 'branches'];
    const has = (filter: string): boolean =>
      this.#of[filter] !== undefined || this.#of[`${filter}-ignore`] !== undefined;
    if (!has(own)) return !has(other);
    if (this.#of[own] !== undefined) return matches(name, list(this.#of[own]));
    return !matches(name, list(this.#of[`${own}-ignore`]));
  }

  /** The given branch, else the first name that the filter takes. */
  ref(branch: string): string {
    if (this.takes('branch', branch)) return `refs/heads/${branch}`;
    const wanted = refsLike([
      ...list(this.#of.branches).map((name) => `refs/heads/${name}`),
      ...list(this.#of.tags).map((name) => `refs/tags/${name}`),
    ]);
    const others = ['refs/heads/main', 'refs/heads/feature', 'refs/tags/v1.2.3', 'refs/tags/1.2.3'];
    return [...wanted, ...others].find((ref) => this.takes(...kindAndName(ref))) ?? `refs/heads/${branch}`;
  }
}

function kindAndName(ref: string): ['branch' | 'tag', string] {
  const [, kind, name = ref] = /^refs\/(heads|tags)\/(.*)$/.exec(ref) ?? [];
  return [kind === 'tags' ? 'tag' : 'branch', name];
}

const RELEASE = 'v1.2.3';

/** What `github.ref` says, in its three forms. */
export function refFacts(ref: string): readonly (readonly [string, string])[] {
  const [kind, name] = kindAndName(ref);
  return [
    ['github.ref', ref],
    ['github.ref_name', name.replace(/^refs\/pull\//, '')],
    ['github.ref_type', kind],
  ];
}

/**
 * The events of a workflow in their order, with the ref that each would run for. A workflow that is only called has its caller's event, which is
 * taken for a push.
 * @param triggers `on` as a map
 * @param given `github.ref`, `github.event_name` and others that the user sets
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
export function eventsOf(triggers: Node, git: Texts, given: ReadonlyMap<string, string> = new Map()): RunEvent[] {
  const own = Object.keys(triggers).filter((name) => name !== 'workflow_call');
  const names = own.length > 0 ? own : ['push'];
  const wanted = given.get('github.event_name');
  const all = wanted === undefined ? names : [wanted];
  return all.map((name) => eventOf(name, object(triggers[name]), { git, given, known: names.includes(name) }));
}

function eventOf(
  name: string,
  filters: Node,
  { git, given, known }: { readonly git: Texts; readonly given: ReadonlyMap<string, string>; readonly known: boolean },
): RunEvent {
  const branch = git.ref_name ?? 'main';
  const { sha = '' } = git;
  const [action] = list(filters.types);
  const filter = new Filter(filters);
  const givenName = given.get('github.ref_name');
  const event = (ref: string, title: (name: string) => string, more: Texts = {}, starts = true): RunEvent => {
    const [kind] = kindAndName(ref);
    const named = givenName === undefined ? ref : `refs/${kind === 'tag' ? 'tags' : 'heads'}/${givenName}`;
    const used = given.get('github.ref') ?? named;
    const facts = new Map([
      ['github.event_name', name],
      ...refFacts(used),
      ...Object.entries({ ...(action === undefined ? {} : { action }), ...more }).map(
        ([member, value]) => [member.startsWith('.') ? `github${member}` : `github.event.${member}`, value] as const,
      ),
    ]);
    return { name, title: title(kindAndName(used)[1]), facts, starts: starts && known };
  };
  switch (name) {
    case 'push': {
      const ref = given.get('github.ref') ?? filter.ref(branch);
      const [kind, own] = kindAndName(
        givenName === undefined ? ref : ref.replace(/^(refs\/\w+\/).*$/, `$1${givenName}`),
      );
      const title = (of: string): string => (kind === 'tag' ? `a push of the tag ${of}` : `a push to the branch ${of}`);
      return event(ref, title, {}, filter.takes(kind, own));
    }
    case 'pull_request':
    case 'pull_request_target': {
      const base = kindAndName(filter.ref('main'))[1];
      const pull = {
        action: action ?? 'opened',
        number: '1',
        'pull_request.number': '1',
        'pull_request.head.sha': sha,
        'pull_request.head.ref': 'feature',
        'pull_request.base.ref': base,
        'pull_request.merged': String(action === 'closed'),
        '.base_ref': base,
        '.head_ref': 'feature',
      };
      const ref = name === 'pull_request' ? 'refs/pull/1/merge' : `refs/heads/${base}`;
      return event(ref, () => `${name} 1 into ${base} (${pull.action})`, pull);
    }
    case 'release': {
      const tag = kindAndName(given.get('github.ref') ?? `refs/tags/${givenName ?? RELEASE}`)[1];
      const release = { 'release.tag_name': tag, 'release.prerelease': 'false', 'release.draft': 'false' };
      return event(`refs/tags/${tag}`, (of) => `the release ${of} (${action ?? 'published'})`, {
        action: action ?? 'published',
        ...release,
      });
    }
    case 'workflow_run':
      return event(
        `refs/heads/${branch}`,
        (of) => `workflow_run, on the branch ${of}, after a workflow that succeeded`,
        {
          action: action ?? 'completed',
          'workflow_run.conclusion': 'success',
          'workflow_run.event': 'push',
          'workflow_run.head_sha': sha,
          'workflow_run.head_branch': kindAndName(filter.ref(branch))[1],
        },
      );
    case 'workflow_dispatch':
      return event(
        `refs/heads/${branch}`,
        (of) => `workflow_dispatch, on the branch ${of}, with the defaults of its inputs`,
      );
    default:
      return event(`refs/heads/${branch}`, (of) => `${name}, on the branch ${of}`);
  }
}
