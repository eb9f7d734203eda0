import type { ScheduledTask, ScheduleId, ScheduleState, Tags } from '../../src/model.ts';
import type { Schedules } from '../../src/ports.ts';

export const CLUSTER = 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop';
/** `web:2`, or `web` without a revision. */
export const arn = (revision: string): string => `arn:aws:ecs:eu-west-1:123456789012:task-definition/${revision}`;
export const id = (text: string): ScheduleId => {
  const [kind, ...rest] = text.split('/');
  const [container = 'default', name = ''] = rest.length > 1 ? rest : ['default', rest[0]];
  return { kind: kind === 'rule' ? 'rule' : 'schedule', container, name };
};
/** @param runs revisions of its targets; those of a rule are called t0, t1, ... */
export function state(
  name: string,
  runs: readonly string[] = ['web:1'],
  others: readonly string[] = [],
): ScheduleState {
  const one = id(name);
  const targets = runs.map(
    (revision, index): ScheduledTask => ({
      taskDefinition: arn(revision),
      ...(one.kind === 'rule' ? { target: `t${index}` } : {}),
    }),
  );
  return { id: one, targets, others, content: {} };
}

/** A port on states by name, which a move changes; a name in `fails` throws. */
export function port(
  states: readonly ScheduleState[],
  {
    tags = {},
    fails = {},
  }: {
    readonly tags?: Readonly<Record<string, Tags>>;
    readonly fails?: Readonly<Partial<Record<string, Error>>>;
  } = {},
) {
  const known = new Map(states.map((one) => [nameOf(one.id), one]));
  const calls: string[] = [];
  const check = (call: string): void => {
    calls.push(call);
    const error = fails[call];
    if (error) throw error;
  };
  const schedules: Schedules = {
    async read(one) {
      check(`read ${nameOf(one)}`);
      return known.get(nameOf(one));
    },
    async move(before, moves) {
      const name = nameOf(before.id);
      check(`move ${name}`);
      const targets = before.targets.map((one) => {
        const move = moves.find(({ target, from }) => target === one.target && from === one.taskDefinition);
        return move ? { ...one, taskDefinition: move.to } : one;
      });
      known.set(name, { ...before, targets });
    },
    async ofCluster(cluster) {
      check(`of ${cluster}`);
      return [...known.values()];
    },
    async buses() {
      check('buses');
      return ['default'];
    },
    async list() {
      check('list');
      return [...known.values()].map((one) => one.id);
    },
    async tags(one, place) {
      check(`tags ${nameOf(one)} ${place.partition} ${place.region} ${place.account}`);
      return tags[nameOf(one)] ?? [];
    },
  };
  const runs = (name: string): string[] =>
    (known.get(name)?.targets ?? []).map(({ taskDefinition }) => taskDefinition.split('/').at(-1) ?? '');
  return { schedules, calls, runs, known };
}
const nameOf = ({ kind, container, name }: ScheduleId): string => `${kind}/${container}/${name}`;
