import type { AnyInputs } from '../../src/inputs/types.ts';
import type { WarmAction } from '../run-action.ts';

type Texts = Readonly<Record<string, string>>;

/** What can be made to fail, and what it does. */
export const BREAKS = {
  crash: 'the new tasks exit with code 1',
  image: 'the image of the new tasks does not exist',
  health: 'the new tasks fail their health check',
  capacity: 'there is no room for a further task',
  task: 'the one-off tasks (pre-deploy, post-deploy, mode task) exit with code 1',
  verify: 'the checks of verify fail',
} as const;
export type Break = keyof typeof BREAKS;

/** What deploys the service, as UpdateService names it. */
export const CONTROLLERS = ['ECS', 'CODE_DEPLOY'] as const;
export type Controller = (typeof CONTROLLERS)[number];

/** A step of a workflow that is to be run in a simulated account. */
export interface Trial {
  /** As the runner would pass them. */
  readonly inputs: Texts;
  /** Inputs whose value is made up, because only GitHub has it. */
  readonly madeUp: ReadonlySet<string>;
  readonly env: Texts;
  /** `github.*` by its last name; `action_repository` and `action_ref` are what `uses` names. */
  readonly github: Texts;
  readonly root: string;
  /** Its file, for messages. */
  readonly workflow?: string;
  /** A file in place of those that the step names, or for a step that names none. */
  readonly taskDefinition?: string | undefined;
  readonly break?: Break | undefined;
  /** The service whose tasks `break` is about, where the step deploys several. */
  readonly breakService?: string | undefined;
  /** What deploys the services, where their inputs do not say it. */
  readonly controller?: Controller | undefined;
  /** Services that the step has a definition of do not exist yet. */
  readonly isNew?: boolean;
  /** Permissions that the job's token does not have for writing: `pull-requests`. */
  readonly missingPermissions?: readonly string[];
  /** A process that runs of the bundle share; without it, the run has its own. */
  readonly warm?: WarmAction | undefined;
  readonly onText?: (text: string) => void;
  /** What is put in the place of inputs, before the run. */
  readonly onChange?: (change: string) => void;
}

/** A service of the step, with its inputs as the action reads them. */
export interface Target {
  readonly cluster: string;
  readonly service: string;
  /** Undefined where the inputs have mistakes, which the run itself reports. */
  readonly inputs: AnyInputs | undefined;
  readonly template: TemplateText;
}

/** A task definition and the name by which it is shown. */
export interface TemplateText {
  readonly file: string;
  readonly text: string;
}

/** Modes that start from what the service runs; they get a second revision to work with. */
export const OF_WHAT_RUNS: readonly string[] = ['rollback', 'list', 'continue', 'watch'];
