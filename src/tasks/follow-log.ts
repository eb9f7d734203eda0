/** The log of a running task, line by line as its containers print it. */
import { logLocation } from '../diagnosis/logs.ts';
import { asFailure } from '../failure.ts';
import type { TaskDefinition } from '../model.ts';
import type { Logs } from '../ports.ts';
import { maskSecrets } from '../secrets.ts';
import { secretValues } from '../taskdef/secret-values.ts';

/** Of one container, its last lines are kept for the reason of a failure. */
const KEPT = 500;
/** Of one container, so many lines are shown. */
const SHOWN = 10_000;
/** Pages of one poll: what a container prints faster than this is read with the next ones. */
const PAGES = 10;

/** Lines of a container, in the order in which it printed them. */
export type OnLines = (container: string, lines: readonly string[]) => void;

/** Reads the streams of all containers of a task, each from where it was left. */
export class TaskLog {
  readonly #definition: TaskDefinition;
  readonly #taskId: string;
  readonly #logs: Logs;
  readonly #secrets: readonly string[];
  readonly #from = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  #denied = false;
  /** The newest lines by container. */
  readonly last = new Map<string, readonly string[]>();
  /** By container whose log cannot be read from here: where it is. */
  readonly hints = new Map<string, string>();

  /** @param secrets values that are masked beside those of the definition */
  constructor(
    definition: TaskDefinition,
    taskId: string,
    { logs, secrets }: { readonly logs: Logs; readonly secrets: readonly string[] },
  ) {
    this.#definition = definition;
    this.#taskId = taskId;
    this.#logs = logs;
    this.#secrets = [...secretValues(definition), ...secrets];
  }

  /**
   * Hands over what is new. Logs are a help: what cannot be read costs the lines and never the task.
   * @returns whether there was anything
   * @throws Failure CANCELLED
   */
  async poll(onLines: OnLines): Promise<boolean> {
    const found = await Promise.all(
      this.#definition.containerDefinitions.map(({ name }) => this.#pollContainer(name, onLines)),
    );
    return found.some(Boolean);
  }

  async #pollContainer(container: string, onLines: OnLines): Promise<boolean> {
    const place = logLocation(this.#definition, container, this.#taskId);
    if (place.driver !== 'awslogs') {
      this.hints.set(container, place.hint);
      return false;
    }
    if (this.#denied) return false;
    const { region, group, stream } = place;
    let found = false;
    for (let page = 0; page < PAGES; page++) {
      const from = this.#from.get(container);
      const query = { region, group, stream, ...(from === undefined ? {} : { from }) };
      const read = await this.#logs.read(query).catch((thrown: unknown) => this.#giveUp(thrown, container, place));
      if (!read) return found;
      this.#from.set(container, read.next);
      if (read.lines.length === 0) return found;
      found = true;
      this.#add(container, read.lines.map(({ message }) => message).join('\n'), onLines);
      if (read.next === from) return found;
    }
    return found;
  }

  #add(container: string, text: string, onLines: OnLines): void {
    const lines = maskSecrets(text, this.#secrets).split(/\r?\n/);
    this.last.set(container, [...(this.last.get(container) ?? []), ...lines].slice(-KEPT));
    const before = this.#counts.get(container) ?? 0;
    this.#counts.set(container, before + lines.length);
    if (before >= SHOWN) return;
    const shown = lines.slice(0, SHOWN - before);
    const isCut = shown.length < lines.length || before + lines.length === SHOWN;
    onLines(container, isCut ? [...shown, `(more than ${SHOWN} lines: the rest is in CloudWatch Logs)`] : shown);
  }

  #giveUp(
    thrown: unknown,
    container: string,
    { group, stream }: { readonly group: string; readonly stream: string },
  ): undefined {
    const failure = asFailure(thrown);
    switch (failure.code) {
      case 'CANCELLED':
      case 'CREDENTIALS':
        throw failure;
      case 'ACCESS_DENIED':
        this.#denied = true;
        this.hints.set(
          container,
          `The log of container ${container} is in CloudWatch Logs, group ${group}, stream ${stream}; logs:GetLogEvents is denied.`,
        );
        return undefined;
      default:
        return undefined;
    }
  }
}
